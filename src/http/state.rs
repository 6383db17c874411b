//! The state of a client, apart from its address and its connections.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::sync::Semaphore;

use super::retry::{RetryBudget, RetryPolicy};
use crate::clock::Clock;
use crate::operation::OperationSpec;
use crate::{Client, ClientSettings, Error};

/// The state of a [`Client`], apart from its address and its connections. Opaque.
#[derive(Clone)]
pub struct Inner {
    pub(crate) shared: Arc<Shared>,
    /// Set on clones with their own timeout.
    pub(super) own_timeout: Option<Duration>,
    /// Set on clones with their own retry policy.
    own_retries: Option<Arc<RetryPolicy>>,
    /// Set on clones that send values of open enums that the crate does not know.
    pub(super) sends_unknown: bool,
}

/// The state that a client and its clones share.
pub(crate) struct Shared {
    /// Marked as sensitive, so that no layer below shows it.
    pub(crate) authorization: HeaderValue,
    /// `None` while the client looks it up.
    pub(crate) stack_id: Option<HeaderValue>,
    pub(crate) settings: ClientSettings,
    #[cfg(feature = "logs")]
    pub(crate) logs: Arc<crate::config::LogsConnection>,
    /// The proxy, as errors show it.
    pub(crate) proxy: Option<String>,
    /// Whether the caller trusts more certificates than the operating system.
    pub(crate) has_roots: bool,
    pub(crate) in_flight: Arc<Semaphore>,
    pub(crate) max_body_bytes: u64,
    pub(crate) retries: RetryPolicy,
    pub(crate) budget: RetryBudget,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl Shared {
    /// Returns the same state for a stack that was looked up, with a full retry budget.
    pub(crate) fn of_stack(&self, stack_id: HeaderValue, settings: ClientSettings) -> Self {
        Self {
            authorization: self.authorization.clone(),
            stack_id: Some(stack_id),
            settings,
            #[cfg(feature = "logs")]
            logs: Arc::clone(&self.logs),
            proxy: self.proxy.clone(),
            has_roots: self.has_roots,
            in_flight: Arc::clone(&self.in_flight),
            max_body_bytes: self.max_body_bytes,
            budget: RetryBudget::new(&self.retries),
            retries: self.retries.clone(),
            clock: Arc::clone(&self.clock),
            jitter: Arc::clone(&self.jitter),
        }
    }
}

impl Inner {
    pub(crate) fn new(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
            own_timeout: None,
            own_retries: None,
            sends_unknown: false,
        }
    }

    /// Returns the stack id to send with an operation.
    pub(crate) fn stack_id(&self, facts: &OperationSpec) -> Option<&HeaderValue> {
        self.shared.stack_id.as_ref().filter(|_| facts.needs_stack_id)
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.own_timeout.unwrap_or(self.shared.settings.timeout())
    }

    pub(super) fn retries(&self) -> &RetryPolicy {
        self.own_retries.as_deref().unwrap_or(&self.shared.retries)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("authorization", &"[redacted]")
            .field("stack_id", &self.shared.stack_id)
            .field("max_body_bytes", &self.shared.max_body_bytes)
            .field("timeout", &self.timeout())
            .field("retries", self.retries())
            .field("clock", &self.shared.clock)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Returns a clone with its own limit on how long a request may take; see
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    ///
    /// The clone shares everything else with this client: connections, permits and the retry
    /// budget.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut client = self.clone();
        client.inner.own_timeout = Some(timeout);
        client
    }

    /// Returns a clone with its own retry policy.
    ///
    /// The clone shares everything else with this client: connections, permits and the retry
    /// budget. The [`budget`](RetryPolicy::budget) of `policy` therefore has no effect.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if a value of the policy is out of range.
    pub fn with_retries(&self, policy: RetryPolicy) -> Result<Self, Error> {
        policy.check()?;
        let mut client = self.clone();
        client.inner.own_retries = Some(Arc::new(policy));
        Ok(client)
    }

    /// Returns a clone that also sends values of enums that this version of the crate does not know,
    /// such as one that the API has added since.
    ///
    /// Without this, a request with such a value is rejected before it is sent, with
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest): it is most likely a typing error.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::types::{Frequency, ScheduleRecurrenceRule};
    ///
    /// let rule = ScheduleRecurrenceRule::new(Frequency::from("FORTNIGHTLY"));
    /// let client = client.with_unknown_values();
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_unknown_values(&self) -> Self {
        let mut client = self.clone();
        client.inner.sends_unknown = true;
        client
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.shared.clock
    }
}
