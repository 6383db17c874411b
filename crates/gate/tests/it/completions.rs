//! Completions, in a real shell.

use std::process::Command;

use crate::support::Gate;

fn complete(script: &str, words: &[&str]) -> Vec<String> {
    let program = format!(
        "{script}\nCOMP_WORDS=({}); COMP_CWORD={}\n\
         _k6__gate k6-gate '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
        words.last().expect("a word"),
        words[words.len() - 2],
    );
    let output = Command::new("bash").args(["--noprofile", "--norc", "-c", &program]).output();
    let output = output.expect("bash runs");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_at_every_level() {
    let script = Gate::new().run("completions bash").stdout;
    for (words, expected) in [
        (&["k6-gate", "wat"][..], "watch"),
        (&["k6-gate", "run", "--max"], "--max-vuh"),
        (&["k6-gate", "list", "ru"], "runs"),
        (&["k6-gate", "list", "runs", "--load"], "--load-test"),
        (&["k6-gate", "run", "--on-cancel", ""], "leave"),
    ] {
        let found = complete(&script, words);
        assert!(found.iter().any(|word| word == expected), "{words:?}: {found:?}");
    }
}
