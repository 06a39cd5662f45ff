//! `rationale init`.

use crate::program::Folder;

const PROJECT: &str = "name: shop\nversion: \"1.0\"\n";

const PROPERTIES: &str = "\
models:
  - name: orders
    description: One row for each order.
    columns:
      - name: order_id
        description: Identifies the order.
        config:
          meta:
            rationale:
              why: Support asks for it on the phone.
      - name: amount
        description: 'What the customer pays: net.'
";

const ORDERS: &str = "\
select
    o.id as order_id,
    o.customer_id,
    cast(o.amount as decimal(10, 2)) as amount
from {{ source('raw', 'orders') }} as o
";

const CUSTOMERS: &str = "\
select c.id, sum(orders.amount) as revenue
from {{ source('raw', 'customers') }} as c
join {{ ref('orders') }} as orders on orders.customer_id = c.id
group by c.id
";

fn project() -> Folder {
    Folder::with(&[
        ("dbt_project.yml", PROJECT),
        ("models/marts/orders.sql", ORDERS),
        ("models/marts/customers.sql", CUSTOMERS),
        ("models/marts/marts.yml", PROPERTIES),
    ])
}

fn read(folder: &Folder, path: &str) -> String {
    std::fs::read_to_string(folder.0.join(path)).unwrap_or_default()
}

#[test]
fn specs_are_drafted_from_models_and_properties_with_the_first_lock() {
    let folder = project();
    let run = folder.run(&["init"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout
            .contains("specs/marts.spec.yaml  2 tables, 5 columns\n"),
        "{}",
        run.stdout
    );
    let spec = read(&folder, "specs/marts.spec.yaml");
    let orders = "  - name: orders
    description: One row for each order.
    why: Read by customers.  # draft: confirm
    columns:
      - name: order_id
        description: Identifies the order.
        why: Support asks for it on the phone.
      - name: customer_id
        description: \"TODO: what is it?\"
        why: Joined on by customers.  # draft: confirm
      - name: amount
        type: decimal(10, 2)
        description: \"What the customer pays: net.\"
        why: Read by customers.  # draft: confirm
";
    assert!(spec.starts_with("product: marts\ntables:\n"), "{spec}");
    assert!(spec.ends_with(orders), "{spec}");
    let lock = read(&folder, "specs/marts.spec.lock");
    assert!(
        lock.contains("      customer_id: { means: orders.customer_id }\n"),
        "{lock}"
    );

    // What it drafts passes, and is not drafted twice.
    let check = folder.run(&["check", "--fail-on", "warning"]);
    assert_eq!(check.code, Some(0), "{check:?}");
    let again = folder.run(&["init"]);
    assert_eq!(again.code, Some(0));
    assert!(
        again.stdout.contains("nothing to draft"),
        "{}",
        again.stdout
    );
    assert_eq!(read(&folder, "specs/marts.spec.yaml"), spec);
}

#[test]
fn a_dry_run_writes_nothing_and_no_file_is_written_over() {
    let folder = project();
    let run = folder.run(&["init", "--dry-run", "models/marts/orders.sql"]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stdout.contains("1 table, 3 columns") && run.stdout.contains("Nothing was written.")
    );
    assert!(!folder.0.join("specs").exists());
    let folder = Folder::with(&[
        ("shop/orders.sql", "select id from raw.orders\n"),
        ("shop/shop.spec.yaml", "product: other\n"),
    ]);
    let run = folder.run(&["init"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("shop/shop.spec.yaml is there already"),
        "{}",
        run.stderr
    );
    assert_eq!(read(&folder, "shop/shop.spec.yaml"), "product: other\n");
    // Another product has room beside it.
    let run = folder.run(&["init", "--product", "orders"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(read(&folder, "orders.spec.yaml").starts_with("product: orders\n"));
}

#[test]
fn folders_of_one_name_are_products_of_their_own() {
    let folder = Folder::with(&[
        ("dbt_project.yml", PROJECT),
        (
            "models/crm/final/leads.sql",
            "select id from {{ source('raw', 'leads') }}\n",
        ),
        (
            "models/finance/final/bills.sql",
            "select id from {{ source('raw', 'bills') }}\n",
        ),
        (
            "models/staging/stg.sql",
            "select id from {{ source('raw', 'all') }}\n",
        ),
    ]);
    let run = folder.run(&["init"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for product in ["crm_final", "finance_final", "staging"] {
        let spec = read(&folder, &format!("specs/{product}.spec.yaml"));
        assert!(spec.starts_with(&format!("product: {product}\n")), "{spec}");
    }
}

#[test]
fn a_type_that_the_sql_does_not_give_is_not_taken_over() {
    let folder = Folder::with(&[
        ("dbt_project.yml", PROJECT),
        (
            "models/orders.sql",
            "select cast(flag as boolean) as flag from {{ source('raw', 'orders') }}\n",
        ),
        (
            "models/orders.yml",
            "models:\n  - name: orders\n    columns:\n      - {name: flag, data_type: bit}\n",
        ),
    ]);
    let run = folder.run(&["init"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let spec = read(&folder, "specs/models.spec.yaml");
    assert!(spec.contains("type: BOOLEAN\n"), "{spec}");
    let check = folder.run(&["check"]);
    assert_eq!(check.code, Some(0), "{check:?}");
}
