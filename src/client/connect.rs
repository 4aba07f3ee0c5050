//! Whether a connection was ever made: what no connection carried was not sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Counts the connections that a client makes.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<AtomicUsize>);

impl Connections {
    /// How many were made so far.
    pub fn made(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl<S> Layer<S> for Connections {
    type Service = Counted<S>;

    fn layer(&self, connector: S) -> Counted<S> {
        Counted { connector, made: self.clone() }
    }
}

/// A connector whose connections are counted.
#[derive(Clone, Debug)]
pub struct Counted<S> {
    connector: S,
    made: Connections,
}

impl<S, R> Service<R> for Counted<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (connecting, made) = (self.connector.call(request), self.made.clone());
        Box::pin(async move {
            let connection = connecting.await;
            made.0.fetch_add(usize::from(connection.is_ok()), Ordering::Relaxed);
            connection
        })
    }
}
