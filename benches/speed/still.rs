//! A page that is only sent: what a server of the same make can do where nothing is asked and nothing is decided.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use actix_web::web::{Bytes, Data, get};
use actix_web::{App, HttpResponse, HttpServer};
use stepdown::app::Manner;

/// What the process is told.
#[derive(Debug, Clone, clap::Args)]
pub struct Sending {
    #[arg(long)]
    bytes: usize,
    #[arg(long)]
    listen: std::net::SocketAddr,
}

async fn page(body: Data<Bytes>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(Bytes::clone(&body))
}

/// Sends the same bytes to everybody, with as many threads as the house has.
pub fn serve(sending: &Sending) -> std::io::Result<()> {
    let body = Data::new(Bytes::from(vec![b'a'; sending.bytes]));
    let listener = TcpListener::bind(sending.listen)?;
    actix_web::rt::System::new().block_on(async move {
        let app = move || App::new().app_data(body.clone()).route("/", get().to(page));
        HttpServer::new(app).workers(Manner::default().workers).listen(listener)?.run().await
    })
}

/// A process that sends one page.
pub struct Still {
    pub at: std::net::SocketAddr,
    process: Child,
}

impl Still {
    /// Sends a page of that size.
    pub fn of(bytes: usize) -> Still {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let process = Command::new(std::env::current_exe().expect("this program"))
            .args(["sending", "--bytes", &bytes.to_string(), "--listen", &free.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .expect("this program starts again");
        let still = Still { at: free, process };
        while std::net::TcpStream::connect(still.at).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        still
    }

    /// How much of the processors it has used.
    pub fn processor_time(&self) -> std::time::Duration {
        crate::measure::processor_time(self.process.id())
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}
