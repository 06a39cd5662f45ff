//! The page that the README shows is what the program prints of such a history.

use crate::program::{command, repository};
use crate::revision::repository::Repository;
use std::process::Command;

const ORDERS: &str = "\
with amounts as (
    select order_id, sum(quantity * unit_price) as amount
    from raw.order_lines
    group by order_id
)

-- One row for each order.
select
    orders.id as order_id,
    orders.customer_id,
    orders.ordered_at,
    coalesce(amounts.amount, 0) as order_amount
from raw.orders as orders
left join amounts on amounts.order_id = orders.id
where not orders.is_test
";

/// Who committed what, on which day of 2026.
const COMMITS: [(&str, &str, &str, &str, &str); 6] = [
    (
        "2026-01-05",
        "Ada",
        "Start with orders and invoices",
        "orders.sql",
        ORDERS,
    ),
    (
        "2026-01-07",
        "Ben",
        "Say what an invoice is for",
        "README.md",
        "Invoices are made of orders.\n",
    ),
    (
        "2026-01-12",
        "Ada",
        "Write the filter as a comparison",
        "orders.sql",
        "where not orders.is_test => where orders.is_test = false",
    ),
    (
        "2026-02-03",
        "Ben",
        "Add the country",
        "orders.sql",
        "    orders.ordered_at, => \x20   orders.ordered_at,\n    orders.ship_to as country,",
    ),
    (
        "2026-02-20",
        "Cleo",
        "Simplify the amount",
        "orders.sql",
        "sum(quantity * unit_price) => sum(quantity)",
    ),
    (
        "2026-03-02",
        "Ben",
        "Keep test orders for the shop's own tests",
        "orders.sql",
        "where orders.is_test = false => ",
    ),
];

const INVOICES: &str = "\
select bills.number as invoice_id, orders.order_amount as amount_due
from raw.bills as bills
join orders on orders.order_id = bills.order_id
";

const REVENUE: &str = "\
select orders.customer_id, sum(invoices.amount_due) as revenue
from invoices
join raw.bills as bills on bills.number = invoices.invoice_id
join orders on orders.order_id = bills.order_id
group by orders.customer_id
";

/// The same bytes, and so the same names of commits, wherever it is made.
fn history() -> Repository {
    let shop = Repository::new();
    shop.write("invoices.sql", INVOICES);
    shop.write("revenue.sql", REVENUE);
    shop.write("rationale.toml", "[workspace]\ndialect = \"postgres\"\n");
    for (day, author, subject, path, content) in COMMITS {
        let content = match content.split_once(" => ") {
            Some((old, new)) => {
                let text = std::fs::read_to_string(shop.top.join(path)).unwrap();
                assert!(text.contains(old), "{old}");
                text.replace(old, new)
            }
            None => content.to_owned(),
        };
        shop.write(path, content);
        shop.git(&["add", "--all"]);
        let made = Command::new("git")
            .args([
                "-c",
                "commit.gpgSign=false",
                "commit",
                "--quiet",
                "-m",
                subject,
            ])
            .current_dir(&shop.top)
            .envs([
                ("GIT_AUTHOR_NAME", author),
                ("GIT_COMMITTER_NAME", author),
                ("GIT_AUTHOR_EMAIL", "shop@example.com"),
                ("GIT_COMMITTER_EMAIL", "shop@example.com"),
                ("GIT_AUTHOR_DATE", &format!("{day}T12:00:00+00:00")),
                ("GIT_COMMITTER_DATE", &format!("{day}T12:00:00+00:00")),
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
                ("GIT_CONFIG_SYSTEM", "/dev/null"),
            ])
            .status()
            .unwrap();
        assert!(made.success());
    }
    shop
}

#[test]
fn the_page_in_the_readme_is_true() {
    let shop = history();
    let printed = command(&shop.top, &["replay"]).output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let shown = readme
        .split_once("```console\n$ rationale replay\n")
        .and_then(|(_, rest)| rest.split_once("```"));
    assert_eq!(shown.unwrap().0, printed);
}
