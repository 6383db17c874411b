//! The settings of one source: code, the environment or a configuration file. They have not been
//! checked yet.

use std::fmt;

use super::settings::SettingSource;
use super::{
    BASE_URL_VARIABLE, LOGS_URL_VARIABLE, PROJECT_ID_VARIABLE, STACK_ID_VARIABLE,
    STACK_URL_VARIABLE, TIMEOUT_VARIABLE, TOKEN_VARIABLE,
};
use crate::Error;
use crate::secret::Secret;

/// A setting that has not been checked yet.
#[derive(Clone)]
pub(super) struct Setting {
    /// The string, or what the value is instead, such as `is a list`. Any string may be a token in
    /// the wrong setting.
    text: Result<Secret, &'static str>,
    pub(super) source: SettingSource,
}

impl Setting {
    pub(super) fn new(text: Result<String, &'static str>, source: SettingSource) -> Self {
        Self { text: text.map(Secret::new), source }
    }

    pub(super) fn explicit(text: impl Into<String>) -> Self {
        Self::new(Ok(text.into()), SettingSource::Explicit)
    }

    /// Returns the string, or what the value is instead.
    pub(super) fn text(&self) -> Result<&str, &'static str> {
        self.text.as_ref().map(Secret::expose).map_err(|shape| *shape)
    }

    /// Returns the name by which the user knows the setting. `method` is the builder's method for
    /// it.
    pub(super) fn name(&self, method: &str) -> String {
        match &self.source {
            SettingSource::Explicit | SettingSource::Default => method.to_owned(),
            source => source.to_string(),
        }
    }
}

/// Shows the source, but not the string.
impl fmt::Debug for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}]", self.source)
    }
}

/// The settings of one source, or of several after [`fill`](Self::fill).
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    pub(super) token: Option<Setting>,
    pub(super) stack_id: Option<Setting>,
    /// The slug or the address of the stack.
    pub(super) stack: Option<Setting>,
    pub(super) base_url: Option<Setting>,
    /// A file cannot set it: the token goes there, and a file may come from somebody else.
    pub(super) logs_url: Option<Setting>,
    pub(super) timeout: Option<Setting>,
    pub(super) default_project_id: Option<Setting>,
    /// The variables that are set to an empty string.
    pub(super) empty_variables: Vec<&'static str>,
}

impl Layer {
    /// Reads the environment variables.
    pub(super) fn of_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut empty_variables = Vec::new();
        let mut read = |name| {
            let value = variable(name)?;
            if value.is_empty() {
                empty_variables.push(name);
                return None;
            }
            Some(Setting::new(Ok(value), SettingSource::Environment { variable: name }))
        };
        Self {
            token: read(TOKEN_VARIABLE),
            stack_id: read(STACK_ID_VARIABLE),
            stack: read(STACK_URL_VARIABLE),
            base_url: read(BASE_URL_VARIABLE),
            logs_url: read(LOGS_URL_VARIABLE),
            timeout: read(TIMEOUT_VARIABLE),
            default_project_id: read(PROJECT_ID_VARIABLE),
            empty_variables,
        }
    }

    /// Fills in unset values from `lower`, a source of lower precedence.
    pub(super) fn fill(&mut self, lower: Self) {
        // The id and the address are one setting: those of different sources may name different
        // stacks.
        if self.stack_id.is_none() && self.stack.is_none() {
            self.stack_id = lower.stack_id;
            self.stack = lower.stack;
        }
        for (own, lower) in [
            (&mut self.token, lower.token),
            (&mut self.base_url, lower.base_url),
            (&mut self.logs_url, lower.logs_url),
            (&mut self.timeout, lower.timeout),
            (&mut self.default_project_id, lower.default_project_id),
        ] {
            if own.is_none() {
                *own = lower;
            }
        }
        self.empty_variables.extend(lower.empty_variables);
    }

    /// Makes the error for a required setting that no source has.
    ///
    /// `problem` is that of an unreadable file, which may have the setting.
    pub(super) fn missing(&self, required: &Required, problem: Option<FileProblem>) -> Error {
        let Required { what, variables, method } = required;
        let empty = variables.iter().find(|name| self.empty_variables.contains(name));
        let empty = empty.map(|name| format!(": {name} is set but empty"));
        let variable = variables[0];
        let error = match problem {
            Some(problem) => {
                let reason = empty.unwrap_or_default();
                problem.into_error(
                    &format!("no {what}{reason}, and "),
                    &format!(", or set {variable}"),
                )
            }
            None => Error::configuration(match empty {
                Some(empty) => format!("no {what}{empty}: give it a value or run `k6 cloud login`"),
                None => format!("no {what}: set {variable} or run `k6 cloud login`"),
            })
            .with_hint(format!("in code, call ClientBuilder::{method}")),
        };
        error.about_setting(method, true)
    }
}

/// How a message names a required setting, and the variables and the method that set it.
pub(super) struct Required {
    pub(super) what: &'static str,
    pub(super) variables: &'static [&'static str],
    pub(super) method: &'static str,
}

pub(super) const TOKEN: Required =
    Required { what: "API token", variables: &[TOKEN_VARIABLE], method: "token" };

pub(super) const STACK_ID: Required = Required {
    what: "stack id",
    variables: &[STACK_ID_VARIABLE, STACK_URL_VARIABLE],
    method: "stack_id",
};

/// The reason why a configuration file has no settings.
#[derive(Debug)]
pub(super) struct FileProblem {
    /// Names the file and says what is wrong with it.
    pub(super) what: String,
    pub(super) fix: &'static str,
    pub(super) cause: Cause,
    /// Whether this is an error even if nothing in the file is needed.
    pub(super) always: bool,
}

/// The error of the system or the parser.
#[derive(Debug)]
pub(super) enum Cause {
    Io(std::io::Error),
    Json(serde_json::Error),
    Nothing,
}

impl FileProblem {
    pub(super) fn into_error(self, before: &str, after: &str) -> Error {
        let Self { what, fix, cause, .. } = self;
        let error =
            |reason: &str| Error::configuration(format!("{before}{what}{reason}: {fix}{after}"));
        match cause {
            Cause::Io(cause) => error(&format!(" ({cause})")).keep_source(cause),
            Cause::Json(cause) => error("").keep_source(cause),
            Cause::Nothing => error(""),
        }
    }
}
