//! A small workspace that most tests use: a spec of one table, and the model that fills it.

use index::system::MemorySystem;

pub(crate) const SPEC: &str = "/w/orders.spec.yaml";
pub(crate) const MODEL: &str = "/w/orders.sql";

/// Says everything but why there is an `amount`.
pub(crate) const SPEC_TEXT: &str = "\
product: shop
tables:
  - name: orders
    description: One row for each order that has at least one line.
    why: Invoicing starts from single orders.
    columns:
      - name: order_id
        description: Identifies the order in the shop's own numbering.
        why: Joins orders to the rest of the data.
      - name: amount
        description: What the customer pays for the whole order.
";

pub(crate) const MODEL_TEXT: &str = "\
create table orders as
select
    o.id as order_id,
    o.quantity * o.unit_price as amount
from raw_orders as o;
";

/// The line of the entry without a why, from 0.
pub(crate) const AMOUNT_LINE: u64 = 9;

pub(crate) fn shop() -> MemorySystem {
    MemorySystem::new([
        ("/w/rationale.toml", ""),
        (SPEC, SPEC_TEXT),
        (MODEL, MODEL_TEXT),
    ])
}
