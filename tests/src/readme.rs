//! The commands that a README shows, as one script that can be run.

/// The `sh` blocks of a Markdown text, one after the other, without those that build or serve.
pub fn script(text: &str) -> String {
    let mut script = String::new();
    for block in text.split("\n```sh\n").skip(1) {
        let commands = block.split("\n```").next().unwrap_or(block);
        let runs_on = |line: &str| line.starts_with("make ") || line.starts_with("muster serve");
        if !commands.lines().any(runs_on) {
            script.push_str(commands);
            script.push('\n');
        }
    }
    script
}

#[cfg(test)]
mod tests {
    use super::script;

    #[test]
    fn blocks_of_commands_become_one_script_without_those_that_build_or_serve() {
        let text = "Start:\n```sh\nmake run\n```\nthen\n```sh\ncat > a <<'END'\nx\nEND\n```\n\
                    ```text\nno command\n```\n```sh\nmuster user x\n```\n```sh\nmuster serve\n```\n";
        assert_eq!(script(text), "cat > a <<'END'\nx\nEND\nmuster user x\n");
    }
}
