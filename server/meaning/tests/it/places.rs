//! Where mentions, columns and clauses stand: what a range covers is what it says it is.

use crate::support::{SHOP, one};
use sql::Dialect;
use sql::lower::Clause;
use syntax::TextRange;

const TEXTS: &[(Dialect, &str)] = &[
    (
        Dialect::Generic,
        "with kept as (select o.id, o.status as state, o.customer_id from orders as o where not is_test)
         select kept.id, upper( state ) as loud, (select max(quantity) from lines where order_id = kept.id) as most
         from kept left join customers c on c.id = kept.customer_id
         where c.country = 'DE' and kept.state <> 'é' order by loud",
    ),
    (
        Dialect::Snowflake,
        "select quantity * unit_price as amount, amount + 1 as more, status:a.b as field
         from lines join orders on order_id = id
         qualify row_number() over (partition by order_id order by quantity desc) = 1",
    ),
    (
        Dialect::BigQuery,
        "select * except (is_test), ordered_at as seen from `orders` where status in ('a', 'b')",
    ),
    (
        Dialect::DuckDb,
        "select customer_id as who, count(*) filter (where is_test) as n, case when max(status) > 'a' then 1 end as c
         from orders group by who having count(*) > 1",
    ),
    (
        Dialect::Postgres,
        "select id, status from orders join customers using (id) union all select id, name from customers",
    ),
];

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into()).unwrap()
}

#[test]
fn a_mention_is_the_very_identifier() {
    for (dialect, text) in TEXTS {
        let lowered = one(text, *dialect, &SHOP);
        let mentions = &lowered.places.mentions;
        assert!(mentions.len() >= 3, "{text}");
        for mention in mentions {
            let written = slice(text, mention.range);
            let is_name = written
                .trim_matches(['"', '`'])
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_');
            assert!(is_name && !written.is_empty(), "{written:?} in {text}");
        }
        let in_order = mentions.is_sorted_by_key(|mention| mention.range.start());
        assert!(in_order, "{text}");
    }
}

#[test]
fn every_column_that_is_written_is_mentioned() {
    let (dialect, text) = TEXTS[0];
    let lowered = one(text, dialect, &SHOP);
    let mentions = lowered.places.mentions.iter();
    let mentions: Vec<&str> = mentions.map(|mention| slice(text, mention.range)).collect();
    assert_eq!(
        mentions,
        [
            "id",
            "status",
            "customer_id",
            "is_test",
            "id",
            "state",
            "quantity",
            "order_id",
            "id",
            "id",
            "customer_id",
            "country",
            "state",
            "loud"
        ]
    );
}

#[test]
fn a_column_stands_where_its_entry_does() {
    let entries: &[&[(&str, &str)]] = &[
        &[
            ("kept.id", "id"),
            ("upper( state ) as loud", "loud"),
            (
                "(select max(quantity) from lines where order_id = kept.id) as most",
                "most",
            ),
        ],
        &[
            ("quantity * unit_price as amount", "amount"),
            ("amount + 1 as more", "more"),
            ("status:a.b as field", "field"),
        ],
        &[
            ("* except (is_test)", "* except (is_test)"),
            ("* except (is_test)", "* except (is_test)"),
            ("* except (is_test)", "* except (is_test)"),
            ("* except (is_test)", "* except (is_test)"),
            ("ordered_at as seen", "seen"),
        ],
        &[
            ("customer_id as who", "who"),
            ("count(*) filter (where is_test) as n", "n"),
            ("case when max(status) > 'a' then 1 end as c", "c"),
        ],
        &[("id", "id"), ("status", "status")],
    ];
    for ((dialect, text), expected) in TEXTS.iter().zip(entries) {
        let lowered = one(text, *dialect, &SHOP);
        let places = lowered.places.relation(lowered.query.root).unwrap();
        let columns = places.columns.iter();
        let columns = columns.map(|place| (slice(text, place.item), slice(text, place.name)));
        assert_eq!(columns.collect::<Vec<_>>(), *expected, "{text}");
    }
}

#[test]
fn clauses_stand_where_their_conditions_do() {
    let (dialect, text) = TEXTS[0];
    let lowered = one(text, dialect, &SHOP);
    let places = lowered.places.relation(lowered.query.root).unwrap();
    let clauses = places.clauses.iter();
    let clauses = clauses.map(|place| (place.clause, slice(text, place.range)));
    assert_eq!(
        clauses.collect::<Vec<_>>(),
        [
            (Clause::From, "kept"),
            (Clause::From, "customers"),
            (Clause::On, "c.id = kept.customer_id"),
            (Clause::Where, "c.country = 'DE'"),
            (Clause::Where, "kept.state <> 'é'"),
        ]
    );
}

#[test]
fn branches_of_different_widths_have_a_place_for_each_column() {
    let text = "with all_of_them as (select * from somewhere union select member_id from members) \
                select state from all_of_them";
    let lowered = crate::support::one(text, sql::Dialect::Generic, &sql::lower::NoCatalog);
    for (relation, places) in lowered
        .query
        .relations
        .iter()
        .zip(&lowered.places.relations)
    {
        assert_eq!(relation.columns.len(), places.columns.len(), "{relation:?}");
    }
}
