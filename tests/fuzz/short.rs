//! A short run of each target over the same inputs every time.

#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests, some of which only the long run needs"
)]

mod corpus;
mod input;
mod mutate;
mod random;
mod tables;
mod targets;
mod template;
mod tokens;

use input::Input;
use targets::target;

/// As large as the stack of the threads that read files.
const STACK: usize = 64 << 20;

/// Runs so many inputs, of which so many must be understood.
#[track_caller]
fn run(name: &'static str, inputs: u64, least: usize) {
    on_a_large_stack(move || {
        let target = target(name).unwrap();
        let seeds = corpus::seeds(None);
        let understood = (0..inputs).filter(|number| (target.asks)(&Input::of(&seeds, 3, *number)));
        let understood = understood.count();
        assert!(understood >= least, "only {understood} were understood");
    });
}

fn on_a_large_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(test);
    thread.unwrap().join().unwrap();
}

#[test]
fn lower() {
    run("lower", 30, 8);
}

#[test]
fn canonical() {
    run("canonical", 150, 40);
}

#[test]
fn difference() {
    run("difference", 30, 3);
}

#[test]
fn derive() {
    run("derive", 150, 40);
}

#[test]
fn render() {
    run("render", 25, 5);
}

#[test]
fn evaluate() {
    run("evaluate", 300, 40);
}

#[test]
fn mutants_of_a_seed_are_the_same_every_time() {
    let seeds = corpus::seeds(None);
    for number in 0..50 {
        let input = Input::of(&seeds, 3, number);
        assert_eq!(input, Input::of(&seeds, 3, number));
        assert_eq!(Input::read(&input.written()).unwrap().text, input.text);
    }
}
