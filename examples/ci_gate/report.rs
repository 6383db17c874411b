//! Reports of a run: one line, Markdown and JUnit XML.

use k6_cloud::prelude::*;
use k6_cloud::types::TestRun;

/// A run that has ended, or the error of waiting for it.
#[derive(Debug)]
pub(crate) struct Report {
    run: TestRun,
    page_url: String,
    verdict: Verdict,
    /// Why the end of the run is not known.
    trouble: Option<String>,
}

impl Report {
    /// Reports a run that has ended.
    pub(crate) fn of(run: &TestRun) -> Self {
        let run = run.clone();
        Self { page_url: String::new(), verdict: run.verdict(), run, trouble: None }
    }

    /// Reports a run whose end is not known.
    pub(crate) fn unknown(run: &TestRun, trouble: String) -> Self {
        Self { trouble: Some(trouble), ..Self::of(run) }
    }

    pub(crate) fn with_page(mut self, url: &str) -> Self {
        self.page_url = url.to_owned();
        self
    }

    fn outcome(&self) -> String {
        match &self.trouble {
            Some(trouble) => format!("unknown: {trouble}"),
            None => self.verdict.to_string(),
        }
    }

    pub(crate) fn line(&self) -> String {
        let Self { run, .. } = self;
        let (seconds, vuh) = (run.execution_duration, self.vuh());
        format!("Run {}: {}; {seconds} s of load, {vuh} VUH.", run.id, self.outcome())
    }

    fn vuh(&self) -> String {
        let cost = self.run.cost.as_ref();
        cost.map_or_else(|| "no".to_owned(), |cost| format!("{:.2}", cost.total_vuh))
    }

    /// Returns the thresholds in the script's options. The API does not say which of them were
    /// breached, only whether any was.
    fn thresholds(&self) -> Vec<String> {
        let options = self.run.options.as_ref();
        let thresholds = options.and_then(|options| options.get("thresholds")?.as_object());
        let mut found = Vec::new();
        for (metric, list) in thresholds.into_iter().flatten() {
            for threshold in list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice) {
                // A string, or an object that has the string as a property.
                let text = threshold.as_str().or_else(|| threshold.get("threshold")?.as_str());
                found.extend(text.map(|text| format!("{metric}: {text}")));
            }
        }
        found
    }

    /// Returns a section of Markdown.
    pub(crate) fn markdown(&self) -> String {
        let run = &self.run;
        let mut text = format!("### k6: {}\n\n", inline(&self.outcome()));
        text.push_str("| load test | run | duration | VUH | started by |\n|---|---|---|---|---|\n");
        let starter = run.started_by.as_deref().unwrap_or("a stack token or a schedule");
        text.push_str(&format!(
            "| {} | [{}]({}) | {} s | {} | {} |\n\n",
            run.test_id,
            run.id,
            // No character in it may end the link.
            self.page_url.replace(['(', ')', ' ', '\n'], ""),
            run.execution_duration,
            self.vuh(),
            inline(starter),
        ));
        let thresholds = self.thresholds();
        if !thresholds.is_empty() {
            let what = match self.verdict {
                Verdict::Passed => "All of these thresholds held:",
                Verdict::ThresholdsFailed { .. } => {
                    "One of these thresholds, or more, was breached:"
                }
                _ => "The thresholds of the script:",
            };
            text.push_str(&format!("{what}\n\n"));
            for threshold in thresholds {
                text.push_str(&format!("- {}\n", inline(&threshold)));
            }
            text.push('\n');
        }
        text
    }

    /// Returns a test suite with one test case, the run.
    pub(crate) fn junit(&self) -> String {
        let (run, outcome) = (&self.run, xml(&self.outcome()));
        let passed = self.trouble.is_none() && self.verdict.is_passed();
        let failed = self.trouble.is_none() && self.verdict.is_failed();
        let (failures, errors) = (u8::from(failed), u8::from(!passed && !failed));
        let element = if failed { "failure" } else { "error" };
        let problem = if passed {
            String::new()
        } else {
            format!("      <{element} message=\"{outcome}\">{}</{element}>\n", xml(&self.page_url))
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"k6\" \
             tests=\"1\" failures=\"{failures}\" errors=\"{errors}\" time=\"{seconds}\" \
             timestamp=\"{created}\">\n    <testcase classname=\"load test {test}\" name=\"run \
             {id}\" time=\"{seconds}\">\n{problem}      <system-out>{page}</system-out>\n    \
             </testcase>\n  </testsuite>\n</testsuites>\n",
            seconds = run.execution_duration,
            created = run.created.format("%Y-%m-%dT%H:%M:%S"),
            test = run.test_id,
            id = run.id,
            page = xml(&self.page_url),
        )
    }
}

/// Escapes a string for Markdown, on one line.
fn inline(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Escapes a string for XML. Characters that XML does not allow become U+FFFD.
fn xml(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // Unescaped, they would be read as spaces in an attribute.
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(character))),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use k6_cloud_fake::{FakeCloud, RunSeed};

    use super::*;

    const ODD: &str = "a <b> & \"c\" 'd' |e| `f` ]]> \n\t\u{1}\u{ffff}\u{e9} g";

    async fn run(seed: RunSeed) -> TestRun {
        let fake = FakeCloud::start().await.expect("the fake starts");
        let id = fake.add_run(seed);
        let client = fake.client().build().expect("complete");
        client.get_test_run(id).send().await.expect("the run")
    }

    #[tokio::test]
    async fn junit_is_xml_whatever_it_tells() {
        let run = run(RunSeed::passed()).await;
        let report = Report::unknown(&run, ODD.to_owned()).with_page(ODD);
        let text = report.junit();
        let document = roxmltree::Document::parse(&text).expect("XML");
        let suite = document.descendants().find(|n| n.has_tag_name("testsuite")).expect("a suite");
        let counts = ["tests", "failures", "errors"].map(|name| suite.attribute(name));
        assert_eq!(counts, [Some("1"), Some("0"), Some("1")]);
        let error = document.descendants().find(|n| n.has_tag_name("error")).expect("an error");
        let expected = ODD.replace(['\u{1}', '\u{ffff}'], "\u{fffd}");
        assert_eq!(error.attribute("message"), Some(&*format!("unknown: {expected}")));
        assert_eq!(error.text(), Some(&*expected));
    }

    #[tokio::test]
    async fn junit_counts_by_the_verdict() {
        for (seed, counts) in [
            (RunSeed::passed(), ["0", "0"]),
            (RunSeed::failed(), ["1", "0"]),
            (RunSeed::aborted(), ["0", "1"]),
        ] {
            let text = Report::of(&run(seed).await).junit();
            let document = roxmltree::Document::parse(&text).expect("XML");
            let suite = document.descendants().find(|n| n.has_tag_name("testsuite"));
            let suite = suite.expect("a suite");
            assert_eq!(["failures", "errors"].map(|name| suite.attribute(name)), counts.map(Some));
        }
    }

    #[tokio::test]
    async fn markdown_has_a_row_a_link_and_the_thresholds() {
        let mut run = run(RunSeed::failed().test_id(103)).await;
        let thresholds = serde_json::json!({
            "http_req_duration{a:b}": ["p(95)<500", { "threshold": "max<900", "abortOnFail": true }],
            "checks": "rate>0.9",
        });
        run.options.get_or_insert_default().insert("thresholds".to_owned(), thresholds);
        let text = Report::of(&run).with_page("https://x.example/runs/1").markdown();
        let title = "### k6: a threshold was breached: p(95) of http\\_req\\_duration went over 500 ms \
                     (code 8201)\n";
        assert!(text.starts_with(title), "{text}");
        let link = format!("| 103 | [{}](https://x.example/runs/1) | ", run.id);
        assert!(text.contains(&link), "{text}");
        for threshold in ["- checks: rate>0.9\n", "{a:b}: p(95)&lt;500\n", "{a:b}: max&lt;900\n"] {
            assert!(text.contains(threshold), "{threshold} in {text}");
        }
        assert!(text.contains("One of these thresholds, or more, was breached:"), "{text}");
        // Strings from the API must not make rows or links.
        let text = Report::unknown(&run, "a | b\n| [x](y) <img>".to_owned()).markdown();
        assert!(text.contains("a \\| b \\| \\[x\\](y) &lt;img>\n"), "{text}");
    }
}
