//! Finding a stack by its name or address, before its id is known.

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::settings::Sourced;
use super::{ClientBuilder, Settings, Source};
use crate::http::Inner;
use crate::{Client, Error, ErrorKind};

impl ClientBuilder {
    /// Names the Grafana stack that requests are about by its slug, such as `shop`, or its
    /// address, such as `https://shop.grafana.net`, in place of its numeric id.
    ///
    /// [`connect`](Self::connect) then takes the place of [`build`](Self::build), and asks the API
    /// for the id. An id in the environment or in a configuration file has no effect any more; to
    /// set [`stack_id`](Self::stack_id) as well is an error.
    pub fn stack(mut self, stack: impl Into<String>) -> Self {
        self.stack = Some(Sourced::explicit(stack.into()));
        self
    }

    /// Builds the client, and finds the [`stack`](Self::stack) by one request if its id is not
    /// known. That checks the token too: it must be valid for the stack.
    ///
    /// [`Client::settings`] then has the id of the stack and that of its default project. Where
    /// a stack id is set and no `stack`, this is the same as [`build`](Self::build), and sends
    /// nothing.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::Client;
    ///
    /// // The token is that of the environment or of `k6 cloud login`.
    /// let client = Client::builder().env().config_file().stack("shop").connect().await?;
    /// println!("stack {}", client.settings().stack_id());
    /// println!("default project {:?}", client.settings().default_project_id());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Configuration`](ErrorKind::Configuration) as [`build`](Self::build), and for what can be
    /// no slug or address of a stack; [`Unauthenticated`](ErrorKind::Unauthenticated) when the API
    /// does not know the token, [`Forbidden`](ErrorKind::Forbidden) when the token is not for the
    /// stack, and otherwise what a [call](crate::OperationExt::send) gives.
    pub async fn connect(self) -> Result<Client, Error> {
        let Some(stack) = &self.stack else { return self.build() };
        if self.stack_id.as_ref().is_some_and(|id| id.source == Source::Explicit) {
            return Err(Error::configuration(
                "stack and stack_id are both set: keep the one that is known",
            ));
        }
        let stack_url = address(&stack.value)?;
        let mut client = self.assemble()?;
        let found = client.authenticate(&stack_url).send().await?;
        let stack_id =
            u64::try_from(found.stack_id).ok().filter(|id| *id > 0).ok_or_else(|| {
                let message = format!("the API gives {} as the id of the stack", found.stack_id);
                Error::new(ErrorKind::Decode, message).with_operation("authenticate")
            })?;
        let settings = Settings {
            stack_id,
            stack_id_source: Source::Api { stack_url },
            default_project_id: Some(found.default_project_id),
            ..client.settings().clone()
        };
        let shared = client.inner.shared.of_stack(HeaderValue::from(stack_id), settings);
        client.inner = Inner::new(shared);
        Ok(client)
    }
}

/// Returns the address of a stack, as the API knows it: `https` and a host.
fn address(given: &str) -> Result<String, Error> {
    // The value is not repeated: it may be the token in the wrong place.
    let refuse = |what: &str| {
        Error::configuration(format!(
            "stack {what}: give the slug or the address of a Grafana stack, such as shop or \
             https://shop.grafana.net"
        ))
    };
    let given = given.trim();
    let text = if given.contains("://") {
        given.to_owned()
    } else if given.contains('.') {
        format!("https://{given}")
    } else if is_slug(given) {
        format!("https://{given}.grafana.net")
    } else if given.is_empty() {
        return Err(refuse("is empty"));
    } else if given.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse("is a number, which stack_id takes"));
    } else {
        return Err(refuse("is neither letters, digits and hyphens nor an address"));
    };
    let url = Url::parse(&text)
        .map_err(|error| refuse("is no address with a host").with_source(error))?;
    if url.scheme() != "https" {
        return Err(refuse("is no https address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("holds a user name or password"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("has something after its host"));
    }
    Ok(url.origin().ascii_serialization())
}

/// Whether a text can be a part of a host's name, and is no number.
fn is_slug(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.bytes().all(fits)
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.len() <= 63
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::{Client, ErrorKind};

    #[test]
    fn slug_host_and_address_name_the_same_stack() {
        for given in [
            "shop",
            " Shop\n",
            "shop.grafana.net",
            "https://shop.grafana.net",
            "https://shop.grafana.net/",
            "HTTPS://SHOP.grafana.net:443",
        ] {
            assert_eq!(address(given).expect(given), "https://shop.grafana.net", "{given:?}");
        }
        for (given, expected) in [
            ("my-shop-2", "https://my-shop-2.grafana.net"),
            ("https://k6.example.org:8443", "https://k6.example.org:8443"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(address(given).expect(given), expected);
        }
    }

    #[test]
    fn what_names_no_stack_is_refused_and_not_repeated() {
        let long = "canary".repeat(11);
        for (given, why) in [
            ("", "is empty"),
            (" ", "is empty"),
            ("417205", "is a number"),
            ("glsa_canary", "is neither letters"),
            ("-canary", "is neither letters"),
            ("canary-", "is neither letters"),
            (&long, "is neither letters"),
            ("canary/a", "is neither letters"),
            ("https://", "is no address"),
            ("https://can ary.net", "is no address"),
            ("http://canary.grafana.net", "is no https address"),
            ("ftp://canary.grafana.net", "is no https address"),
            ("https://canary@shop.grafana.net", "holds a user name"),
            ("https://:canary@shop.grafana.net", "holds a user name"),
            ("https://shop.grafana.net/canary", "has something after"),
            ("shop.grafana.net/canary", "has something after"),
            ("https://shop.grafana.net?canary", "has something after"),
            ("https://shop.grafana.net#canary", "has something after"),
        ] {
            let error = address(given).expect_err(given);
            let shown = format!("{error} {error:?}");
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().starts_with(&format!("stack {why}")), "{given:?}: {error}");
            assert!(error.to_string().ends_with("https://shop.grafana.net"), "{error}");
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn stack_without_an_id_is_not_built() {
        let builder = Client::builder().token("token").stack("https://canary@shop.grafana.net");
        assert!(!format!("{builder:?}").contains("canary"));
        // An id that is not meant would be taken from the environment.
        let builder = builder.lookup(|_| Some("12".to_owned()));
        let error = builder.build().expect_err("no id").to_string();
        assert!(error.contains("connect().await"), "{error}");
    }
}
