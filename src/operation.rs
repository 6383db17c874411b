//! What the pipeline says about each generated call, and what it implements for its builder.
//!
//! `build.rs` writes an implementation for every operation of the description, so that a new one
//! has `call()`, and a new list has pages, without a hand. This module names nothing of the crate
//! but the generated client: a description can be tried without the hand-written layer.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use reqwest::{Request, Response};
use serde::de::DeserializeOwned;

use crate::{ByteStream, Client, ResponseValue, SendError};

/// What is known of an operation at compile time.
#[derive(Debug)]
pub struct Facts {
    /// The name of the operation, which is also that of the client's method.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The statuses of a successful answer.
    pub success: RangeInclusive<u16>,
    /// Whether the answer is handed on as it comes in, and not read to its end first.
    pub streamed: bool,
}

/// A generated builder of a call.
pub trait Operation: Sized + Send {
    /// What a successful answer holds.
    type Output: Send;

    /// How a successful answer is read.
    type Answer: Answer<Output = Self::Output>;

    /// The facts of the operation.
    const FACTS: &'static Facts;

    /// Returns the client that the builder came from.
    fn client(&self) -> &Client;

    /// Returns the request as `client` sends it, in place of the builder's own.
    #[expect(clippy::result_large_err, reason = "what the generated `send` gives")]
    fn request(self, client: &Client) -> Result<Request, SendError>;
}

/// Sends an operation's request by `client`, and reads a successful answer.
pub(crate) async fn send<O: Operation>(
    operation: O,
    client: &Client,
) -> Result<ResponseValue<O::Output>, SendError> {
    let response = client.exchange(operation.request(client)?, O::FACTS).await?;
    O::Answer::read(response).await
}

/// How a successful answer is read.
pub trait Answer {
    /// What it holds.
    type Output;

    /// Reads an answer.
    fn read(
        response: Response,
    ) -> impl Future<Output = Result<ResponseValue<Self::Output>, SendError>> + Send;

    /// Returns the place at which `body` does not have the shape of the output, if it is JSON.
    fn misfit(_body: &[u8]) -> Option<Misfit> {
        None
    }
}

/// An answer in JSON.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

impl<T: DeserializeOwned + Send> Answer for Json<T> {
    type Output = T;

    async fn read(response: Response) -> Result<ResponseValue<T>, SendError> {
        ResponseValue::from_response(response).await
    }

    fn misfit(body: &[u8]) -> Option<Misfit> {
        misfit::<T>(body)
    }
}

/// An answer in JSON that is read as two types, each of which knows a part of it.
impl<A, B> Answer for (Json<A>, Json<B>)
where
    A: DeserializeOwned + Send,
    B: DeserializeOwned + Send,
{
    type Output = (A, B);

    async fn read(response: Response) -> Result<ResponseValue<(A, B)>, SendError> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(SendError::ResponseBodyError)?;
        let read = serde_json::from_slice(&body)
            .and_then(|first| Ok((first, serde_json::from_slice(&body)?)))
            .map_err(|error| SendError::InvalidResponsePayload(body, error))?;
        Ok(ResponseValue::new(read, status, headers))
    }

    fn misfit(body: &[u8]) -> Option<Misfit> {
        misfit::<A>(body).or_else(|| misfit::<B>(body))
    }
}

/// An answer that says all by its status.
#[derive(Debug)]
pub struct Empty;

impl Answer for Empty {
    type Output = ();

    async fn read(response: Response) -> Result<ResponseValue<()>, SendError> {
        Ok(ResponseValue::empty(response))
    }
}

/// An answer that is handed on as it comes in.
#[derive(Debug)]
pub struct Bytes;

impl Answer for Bytes {
    type Output = ByteStream;

    async fn read(response: Response) -> Result<ResponseValue<ByteStream>, SendError> {
        Ok(ResponseValue::stream(response))
    }
}

/// Where an answer does not have the described shape, and why.
#[derive(Debug)]
pub struct Misfit {
    /// The place, such as `value[3].cost.total_vuh`; `.` for the whole.
    pub path: String,
    /// Why, with the line and column.
    pub error: serde_json::Error,
}

/// Reads `body` once more, with an eye on the place. Only failures pay for it.
fn misfit<T: DeserializeOwned>(body: &[u8]) -> Option<Misfit> {
    let mut json = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Ok(_) => {
            let error = json.end().err()?;
            Some(Misfit { path: ".".to_owned(), error })
        }
        Err(error) => Some(Misfit { path: error.path().to_string(), error: error.into_inner() }),
    }
}

/// A generated builder of a list that comes in pages, by `$skip` and `$top`.
pub trait ListOperation: Operation {
    /// A row.
    type Item: Send + 'static;

    /// What of the builder stays the same from page to page.
    type Filters: Clone + Send + Sync + 'static;

    /// The same operation, for a stream that outlives the builder.
    type Detached: ListOperation<Item = Self::Item, Filters = Self::Filters> + 'static;

    /// Takes the builder apart into what it says of the window, and the rest.
    fn into_parts(self) -> (Window, Self::Filters);

    /// Returns the builder of one page.
    fn page<'c>(
        client: &'c Client,
        filters: Self::Filters,
        skip: i64,
        top: i64,
    ) -> impl Operation<Output = Self::Output> + 'c;

    /// Takes an answer apart.
    fn into_rows(output: Self::Output) -> RawPage<Self::Item>;

    /// Returns what tells the row from all others, if the description has such a property.
    fn key(row: &Self::Item) -> Option<i64>;
}

/// The window that a list's builder was given: `Err` where a value did not convert.
#[derive(Debug)]
pub struct Window {
    /// `$skip`.
    pub skip: Result<Option<i64>, String>,
    /// `$top`.
    pub top: Result<Option<i64>, String>,
}

/// A page as it came.
#[derive(Debug)]
pub struct RawPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The size of the whole collection, if the answer has it.
    pub count: Option<i64>,
    /// The address of the page that follows, if there is one.
    pub next_link: Option<String>,
}
