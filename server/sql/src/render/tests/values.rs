//! Python's values.

use super::*;

#[test]
fn lists_change_in_place() {
    let context = context("");
    let text = "{% set l = [] %}{% for x in [3, 1] %}{% do l.append(x) %}{% endfor %}\
        {% do l.extend(['a']) %}{% do l.insert(0, none) %}{% do l.remove(3) %}{{ l }}{{ l.pop() }}{{ l[-1] }}{{ l | length }}";
    check(&context, text, "[None, 1, 'a']a12");
    check(
        &context,
        "{% set l = [1] + [2] %}{% do l.append(3) %}{{ l }}",
        "[1, 2, 3]",
    );
    check(
        &context,
        "{% set l = 'a,b'.split(',') %}{% do l.append('c') %}{{ l | join('') }}",
        "abc",
    );
    check(&context, "{% do [].append(1) if true else none %}x", "x");
}

#[test]
fn dictionaries_change_in_place_and_keep_their_order() {
    let context = context("");
    let text = "{% set d = {'z': 1} %}{% do d.update({'a': 2}) %}{% do d.setdefault('m', []).append(3) %}\
        {{ d }}{% for k, v in d.items() %}{{ k }}{{ v }}{% endfor %}{{ d.get('q', 'no') }}{{ d.z }}{{ d.pop('z') }}{{ d.keys() | list }}";
    check(
        &context,
        text,
        "{'z': 1, 'a': 2, 'm': [3]}z1a2m[3]no11['a', 'm']",
    );
    check(
        &context,
        "{{ dict({'a': 1}, b=2) }} {{ dict(c=3).c }}",
        "{'a': 1, 'b': 2} 3",
    );
}

#[test]
fn texts_have_pythons_methods() {
    let context = context("");
    check(
        &context,
        "{{ 'A b'.lower().replace(' ', '_').strip('b') }}",
        "a_",
    );
    check(
        &context,
        "{{ '{} {x}'.format(1, x=2) }} {{ 'ab'.startswith('a') }} {{ 'a b'.title() }}",
        "1 2 True A B",
    );
    check(
        &context,
        "{{ 'a.b.c'.rsplit('.', 1)[0] }} {{ '7'.zfill(3) }}",
        "a.b 007",
    );
    check(
        &context,
        "{{ '%s-%d' | format('a', 2) }} {{ 'x' ~ 1 }}",
        "a-2 x1",
    );
}

#[test]
fn data_is_read_and_written() {
    let context = context("");
    check(
        &context,
        "{{ fromjson('{\"a\": [1, 2]}').a[1] }} {{ tojson({'b': [none]}) }}",
        "2 {\"b\":[null]}",
    );
    check(&context, "{{ fromyaml('a: 1') }}", "<? fromjson()>");
    check(
        &context,
        "{{ '1' | as_number + 1 }} {{ 'true' | as_bool }}",
        "2 True",
    );
    check(
        &context,
        "{{ zip([1, 2], ['a', 'b']) | list }} {{ set([1, 1, 2]) | list }}",
        "[(1, 'a'), (2, 'b')] [1, 2]",
    );
}

#[test]
fn nothing_comes_to_contain_itself() {
    let context = context("");
    for text in [
        "{% set l = [] %}{% do l.append(l) %}",
        "{% set l = [] %}{% set m = [(l,)] %}{% do l.append(m) %}",
        "{% set d = {} %}{% do d.update({'a': [d]}) %}",
        "{% set ns = namespace() %}{% set ns.x = ns %}",
        "{% set d = {} %}{% do d.setdefault('a', {'b': d}) %}",
    ] {
        let failure = render(text, &context).unwrap_err();
        assert!(failure.message.contains("contain itself"), "{failure:?}");
    }
    check(
        &context,
        "{% set l = [1] %}{% do l.extend(l) %}{{ l }}",
        "[1, 1]",
    );
}

#[test]
fn attributes_are_set() {
    let context = context("");
    check(
        &context,
        "{% set ns = namespace(x=1, y=[]) %}{% for i in [1, 2] %}{% set ns.x = ns.x + i %}{% do ns.y.append(i) %}{% endfor %}{{ ns.x }}{{ ns.y }}",
        "4[1, 2]",
    );
    check(
        &context,
        "{% set ns = namespace() %}{% set ns.x %}a{% set y %}b{% endset %}{{ y }}{% endset %}{{ ns.x }}",
        "ab",
    );
}
