//! Looking up a stack by its slug or address.

use reqwest::header::HeaderValue;

use super::layer::Setting;
use super::{ClientBuilder, SettingSource, check};
use crate::http::Inner;
use crate::operation::Operation as _;
use crate::{Client, Error, ErrorKind, builder};

impl ClientBuilder {
    /// Names the Grafana stack by its slug, such as `shop`, or by any address in it, such as
    /// `https://shop.grafana.net/a/k6-app`, instead of by its numeric id.
    ///
    /// Call [`connect`](Self::connect) instead of [`build`](Self::build), because it looks up the
    /// id. An id from the environment or a configuration file has no effect. Do not set
    /// [`stack_id`](Self::stack_id) as well: that is an error.
    pub fn stack(mut self, stack: impl Into<String>) -> Self {
        self.code.stack = Some(Setting::explicit(stack));
        self
    }

    /// Builds the client. If the stack is given by its slug or address, looks up its id first.
    ///
    /// The slug or address comes from [`stack`](Self::stack), from `K6_CLOUD_STACK_URL` or from the
    /// configuration file. The lookup is one request. It also checks the token, which must be
    /// valid for the stack. [`Client::settings`] then has the id of the stack, and the id of its
    /// default project unless you set another.
    ///
    /// If the id of the stack is set, this method does the same as [`build`](Self::build) and sends
    /// nothing.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::Client;
    ///
    /// // The token comes from the environment or from `k6 cloud login`.
    /// let client = Client::builder().env().config_file().stack("shop").connect().await?;
    /// println!("stack {}", client.settings().stack_id());
    /// println!("default project {:?}", client.settings().default_project_id());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Configuration`](ErrorKind::Configuration) as for [`build`](Self::build), and for strings
    /// that cannot be the slug or address of a stack;
    /// [`Unauthenticated`](ErrorKind::Unauthenticated) if the API does not know the token;
    /// [`Forbidden`](ErrorKind::Forbidden) if the token is not valid for the stack; and the errors
    /// of any [call](crate::OperationExt::send).
    pub async fn connect(self) -> Result<Client, Error> {
        let mut layers = self.layers()?;
        let Some(stack) = layers.stack_without_id() else {
            return self.assemble(layers);
        };
        let stack_url = check::stack_url(stack)?;
        layers.drop_project_of_another_stack();
        let mut client = self.assemble(layers)?;
        let found = client.authenticate(&stack_url).send().await?;
        let stack_id = found.stack_id;
        if stack_id.get() <= 0 {
            let message = format!("the response has {stack_id} as the id of the stack");
            return Err(Error::new(ErrorKind::Decode, message)
                .with_operation(builder::Authenticate::SPEC.id));
        }
        let mut settings = client.settings().clone();
        settings.stack_url = Some(stack_url.clone());
        let source = SettingSource::Api { stack_url };
        if settings.default_project_id.is_none() {
            settings.default_project_id = Some(found.default_project_id);
            settings.default_project_id_source = source.clone();
        }
        settings.stack_id = stack_id;
        settings.stack_id_source = source;
        let shared = client.inner.shared.of_stack(HeaderValue::from(stack_id.get()), settings);
        client.inner = Inner::new(shared);
        Ok(client)
    }
}

#[cfg(test)]
mod tests {
    use crate::Client;

    #[test]
    fn stack_without_an_id_is_not_built() {
        let builder = Client::builder().token("token").stack("https://canary@shop.grafana.net");
        assert!(!format!("{builder:?}").contains("canary"));
        // An id in the environment may belong to another stack.
        let builder = builder
            .lookup(|name| Some("12".to_owned()).filter(|_| name == crate::STACK_ID_VARIABLE));
        let error = builder.build().expect_err("no id").to_string();
        assert!(error.contains("connect().await"), "{error}");
    }
}
