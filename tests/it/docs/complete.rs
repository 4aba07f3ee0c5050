//! What the documents list is all there is.

use super::markdown::blocks;
use super::{DOCUMENTS, read};
use crate::common::Place;
use attio_crm::api::RESOURCES;
use attio_crm::cli::Cli;
use attio_crm::config;
use clap::CommandFactory as _;

/// Every command but the help that clap adds.
fn commands() -> Vec<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// Whether a word behind the program's name begins a command.
fn is_command(name: &str) -> bool {
    let resource = RESOURCES.iter().any(|resource| resource.name == name);
    name.starts_with('-') || name == "help" || resource || commands().iter().any(|command| command == name)
}

#[test]
fn every_command_is_in_the_guide() {
    let text = read("references/api-guide.md");
    for command in commands() {
        let named = [' ', '`'].iter().any(|end| text.contains(&format!("`{command}{end}")));
        assert!(named, "the guide does not explain {command}");
    }
}

#[test]
fn the_example_of_a_dotenv_is_accepted_whole_and_has_every_variable() {
    let text = read(".env.example").replace("#ATTIO_", "ATTIO_");
    for (variable, _) in config::ALL {
        assert!(text.contains(&format!("\n{variable}=")), "no {variable}");
    }
    let place = Place::new();
    std::fs::write(place.path().join(".env"), &text).unwrap();
    assert_eq!(place.run(&["search-companies", "acme", "-o", "ids"]).code, 0, "{text}");
    for name in
        text.lines().filter(|line| line.starts_with("ATTIO_")).filter_map(|line| line.split('=').next())
    {
        assert!(config::ALL.iter().any(|(variable, _)| *variable == name), "there is no {name}");
    }
}

#[test]
fn no_command_escapes_the_tests() {
    for document in DOCUMENTS {
        let text = read(document);
        for block in
            blocks(&text).iter().filter(|block| !["sh", "console"].contains(&block.language.as_str()))
        {
            assert!(!block.language.is_empty(), "{document}:{}: a block without a language", block.line);
            for line in &block.lines {
                assert!(!line.contains("attio-crm "), "{document}:{}: not executed: {line}", block.line);
            }
        }
        for name in text.split("`attio-crm ").skip(1).filter_map(|rest| rest.split([' ', '`']).next()) {
            assert!(name == "COMMAND" || is_command(name), "{document}: there is no command {name}");
        }
    }
}

#[test]
fn links_between_the_documents_work() {
    for document in DOCUMENTS {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let folder = folder.parent().unwrap();
        for target in read(document).split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let local = !target.is_empty() && !target.contains("://");
            assert!(
                !local || folder.join(target).exists(),
                "{document} links to {target}, which is not there"
            );
        }
    }
}

/// About as many tokens as a model makes of a text.
fn tokens(text: &str) -> usize {
    text.len().div_ceil(4)
}

#[test]
fn what_everybody_reads_is_short() {
    assert!(read("README.md").lines().count() <= 200);
    let skill = read("SKILL.md");
    assert!(skill.lines().count() <= 220, "{} lines", skill.lines().count());
    assert!(tokens(&skill) <= 3500, "{} tokens", tokens(&skill));
}

#[test]
fn the_skill_is_valid() {
    let text = read("SKILL.md");
    let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).unwrap().0;
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        front.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default().to_owned()
    };
    assert_eq!(field("name"), "attio-crm");
    let description = field("description");
    assert!((1..=1024).contains(&description.len()), "{}", description.len());
    // A bare YAML scalar: these would end it or turn it into something else.
    assert!(
        !description.contains(": ") && !description.contains(" #") && !description.starts_with(['"', '\''])
    );
    for trigger in ["Attio", "CRM", "compan", "people", "deal", "note", "Use when"] {
        assert!(description.contains(trigger), "no {trigger} in the description");
    }
}
