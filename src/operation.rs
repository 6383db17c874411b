//! The traits of generated calls, and the facts about each operation.
//!
//! `build.rs` implements [`Operation`] for the builder of every operation, and [`ListOperation`]
//! for those that return a list in pages. A new operation of the API can so be sent, retried and
//! read without new code. This module depends only on the generated client, so that a description
//! can be tried without the hand-written layer.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use reqwest::{Request, Response};
use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny};

use crate::{ByteStream, Client, ResponseValue};

/// The error of progenitor's client library. Users get an [`Error`](crate::Error) instead.
pub(crate) type SendError = progenitor_client::Error<()>;

/// The facts about an operation that are known at compile time.
#[derive(Debug)]
pub struct OperationSpec {
    /// The name of the operation and of the client's method.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The documented statuses of a successful response.
    pub success: RangeInclusive<u16>,
    /// Whether the response is passed on as it arrives, instead of being read to its end first.
    pub streamed: bool,
    /// Whether sending the request twice has the same effect as sending it once.
    pub retry_safe: bool,
    /// Whether requests carry the id of the stack.
    pub needs_stack_id: bool,
}

/// A call that can be sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a call of the API",
    label = "this cannot be sent",
    note = "calls come from the methods of `Client`, such as `client.get_test_run(42)`"
)]
pub trait Operation: Sized + Send + 'static {
    /// The value of a successful response.
    type Output: Send;

    /// How a successful response is read.
    type Reader: ReadResponse<Output = Self::Output>;

    /// The facts of the operation.
    const SPEC: &'static OperationSpec;

    /// Returns the client that the call is made with.
    fn client(&self) -> &Client;

    /// Returns the client, and the request that it is to send.
    #[doc(hidden)]
    fn request(self) -> (Client, Result<Request, SendError>);
}

/// Reads a successful response.
pub trait ReadResponse {
    /// The value that is read.
    type Output;

    /// Reads a response.
    fn read(
        response: Response,
    ) -> impl Future<Output = Result<ResponseValue<Self::Output>, SendError>> + Send;
}

/// The body of a response that was read to its end: an extension of the response.
#[derive(Clone)]
pub(crate) struct BodyInMemory(pub(crate) bytes::Bytes);

/// Reads the body of a response, and makes a value of it.
pub(crate) async fn read_body<T>(
    mut response: Response,
    read: fn(&bytes::Bytes) -> serde_json::Result<T>,
) -> Result<ResponseValue<T>, SendError> {
    // Taken, not copied.
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = match response.extensions_mut().remove() {
        Some(BodyInMemory(body)) => body,
        None => response.bytes().await.map_err(SendError::ResponseBodyError)?,
    };
    match read(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(SendError::InvalidResponsePayload(body, error)),
    }
}

/// A response in JSON.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

impl<T: DeserializeOwned + Send> ReadResponse for Json<T> {
    type Output = T;

    async fn read(response: Response) -> Result<ResponseValue<T>, SendError> {
        read_body(response, |body| from_json(body)).await
    }
}

/// Reads JSON. An array is not read as a struct, whose fields serde would take from its items.
fn from_json<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    let asked = Cell::new(false);
    if body.trim_ascii_start().starts_with(b"[") {
        let _ = T::deserialize(StructProbe(&asked));
    }
    match asked.get() {
        // The error has the location of the array.
        true => Err(serde_json::from_slice::<Object>(body)
            .err()
            .unwrap_or_else(|| de::Error::custom("it is an array, and not an object"))),
        false => serde_json::from_slice(body),
    }
}

/// Any object.
type Object = std::collections::BTreeMap<String, IgnoredAny>;

/// Has no value, and notes whether a type asks for a struct.
struct StructProbe<'a>(&'a Cell<bool>);

impl<'de> Deserializer<'de> for StructProbe<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: de::Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("a probe has no value"))
    }

    fn deserialize_struct<V: de::Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.set(true);
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A response in JSON that is read as two types, each with a part of the properties.
impl<A, B> ReadResponse for (Json<A>, Json<B>)
where
    A: DeserializeOwned + Send,
    B: DeserializeOwned + Send,
{
    type Output = (A, B);

    async fn read(response: Response) -> Result<ResponseValue<(A, B)>, SendError> {
        read_body(response, |body| Ok((from_json(body)?, from_json(body)?))).await
    }
}

/// A response without a result.
///
/// Its body shows whether the API answered: it is empty, `null`, or a JSON object without `error`,
/// because a later version of the API may return the changed resource. The page of a proxy is none of
/// these.
#[derive(Debug)]
pub struct Empty;

impl ReadResponse for Empty {
    type Output = ();

    async fn read(response: Response) -> Result<ResponseValue<()>, SendError> {
        read_body(response, |body| match body.is_empty() {
            true => Ok(()),
            false => serde_json::from_slice(body).map(|NoResult| ()),
        })
        .await
    }
}

/// JSON that is evidence of a call without a result.
struct NoResult;

impl<'de> Deserialize<'de> for NoResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> de::Visitor<'de> for NoResult {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("nothing, null or an object without `error`")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        #[derive(Deserialize)]
        #[serde(field_identifier, rename_all = "lowercase")]
        enum Name {
            Error,
            #[serde(other)]
            Other,
        }
        while let Some(name) = map.next_key()? {
            if let Name::Error = name {
                return Err(de::Error::custom("it has an `error`"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(self)
    }
}

/// A response that is passed on as it arrives.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "the description may have no other call that returns bytes")]
pub struct Bytes;

impl ReadResponse for Bytes {
    type Output = ByteStream;

    async fn read(mut response: Response) -> Result<ResponseValue<ByteStream>, SendError> {
        let Some(BodyInMemory(body)) = response.extensions_mut().remove() else {
            return Ok(ResponseValue::stream(response));
        };
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = ByteStream::new(Box::pin(futures_util::stream::iter([Ok(body)])));
        Ok(ResponseValue::new(body, status, headers))
    }
}

/// A call that returns a list: in pages, by `$skip` and `$top`, or whole.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not return a list",
    label = "this has no rows",
    note = "send it instead: `.send().await`"
)]
pub trait ListOperation: Operation<Output: DeserializeOwned> {
    /// The property with a unique value for each row, if there is one.
    const KEY: Option<&'static str>;

    /// A row.
    type Item: DeserializeOwned + Send + 'static;

    /// The parameters that stay the same from page to page.
    type Filters: Clone + Send + Sync + 'static;

    /// Splits the builder into the client, the window and all other parameters.
    fn into_parts(self) -> (Client, Window, Self::Filters);

    /// Returns the call for one page.
    fn page(client: Client, filters: Self::Filters, skip: i64, top: i64) -> Self;

    /// Splits a response into its parts.
    fn into_rows(output: Self::Output) -> RawPage<Self::Item>;

    /// Returns the value of [`KEY`](Self::KEY).
    fn key(row: &Self::Item) -> Option<i64>;
}

/// The window that is set in a list's builder.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// `$skip`.
    pub skip: Option<i64>,
    /// `$top`.
    pub top: Option<i64>,
}

/// A page as it arrived.
#[derive(Debug)]
pub struct RawPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The number of rows in the whole list, if the response has it.
    pub count: Option<i64>,
    /// The address of the next page, if there is one.
    pub next_link: Option<String>,
}
