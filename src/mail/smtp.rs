//! One open line to the mail server, kept for as many letters as there are to send.

use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Category, Severity};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{MailError, said};
use crate::config::{Security, Smtp};

/// A farewell is not worth waiting for.
const FAREWELL: Duration = Duration::from_secs(2);

/// The mail server, and the connection to it while there are letters.
pub(super) struct Line {
    server: Smtp,
    patience: Duration,
    open: Option<AsyncSmtpConnection>,
}

impl Line {
    pub(super) fn new(server: Smtp, patience: Duration) -> Line {
        Line { server, patience, open: None }
    }

    /// Sends one letter. A server that hangs is left alone when patience ends.
    pub(super) async fn send(&mut self, message: &Message) -> Result<(), MailError> {
        let mut connection = match self.open.take() {
            Some(open) => open,
            None => self.connect_in_time().await?,
        };
        let mail = message.formatted();
        match timeout(self.patience, connection.send(message.envelope(), &mail)).await {
            Ok(Ok(answer)) if answer.code().severity == Severity::PositiveCompletion => {
                self.open = Some(connection);
                Ok(())
            }
            // A server that says more than it is asked is answering an earlier question.
            Ok(Ok(answer)) => {
                Err(MailError::Later(format!("The mail server answered out of turn: {}.", answer.code())))
            }
            Ok(Err(why)) => Err(refused(&why)),
            Err(_) => Err(MailError::Later(self.silent())),
        }
    }

    pub(super) async fn hang_up(&mut self) {
        if let Some(mut connection) = self.open.take() {
            // Whether the server says goodbye changes nothing.
            let _answer = timeout(FAREWELL, connection.quit()).await;
        }
    }

    async fn connect_in_time(&self) -> Result<AsyncSmtpConnection, MailError> {
        match timeout(self.patience, self.connect()).await {
            Ok(connected) => connected,
            Err(_) => Err(MailError::Away(self.silent())),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let hello = ClientId::default();
        let mut connection = match self.server.security {
            Security::Tls => self.connect_tls(&hello).await,
            Security::StartTls | Security::None => self.connect_plain(&hello).await,
        }?;
        if self.server.security == Security::StartTls {
            connection.starttls(self.tls()?, &hello).await.map_err(away)?;
        }
        if let Some((user, password)) = &self.server.login {
            let credentials = Credentials::new(user.clone(), password.0.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(away)?;
        }
        Ok(connection)
    }

    /// Without TCP_NODELAY every letter would wait 40 ms for Nagle's algorithm: its body and its final dot are written
    /// apart.
    async fn connect_plain(&self, hello: &ClientId) -> Result<AsyncSmtpConnection, MailError> {
        let stream = TcpStream::connect((self.server.host.as_str(), self.server.port))
            .await
            .map_err(|why| MailError::Away(format!("The mail server cannot be reached: {}.", said(why))))?;
        // Only slower without it.
        let _slower = stream.set_nodelay(true);
        AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello).await.map_err(away)
    }

    /// The library opens this one whole, and does not let us at the socket.
    async fn connect_tls(&self, hello: &ClientId) -> Result<AsyncSmtpConnection, MailError> {
        let address = (self.server.host.as_str(), self.server.port);
        let patience = Some(self.patience);
        AsyncSmtpConnection::connect_tokio1(address, patience, hello, Some(self.tls()?), None).await.map_err(away)
    }

    fn tls(&self) -> Result<TlsParameters, MailError> {
        let mut tls = TlsParameters::builder(self.server.host.clone());
        if let Some(pem) = &self.server.authority {
            tls = tls.add_root_certificate(Certificate::from_pem(pem).map_err(away)?);
        }
        tls.build().map_err(away)
    }

    fn silent(&self) -> String {
        format!("The mail server did not answer within {} s.", self.patience.as_secs())
    }
}

/// Whatever goes wrong before a letter is handed over is about the server, not about the letter.
fn away(why: Error) -> MailError {
    MailError::Away(format!("The mail server did not let us in: {}.", said(why)))
}

/// 5xx is for ever, but for 53x: those ask for a better sign-in or for encryption, which settings can give.
fn refused(why: &Error) -> MailError {
    let about_sign_in = why.status().is_some_and(|code| code.category == Category::Unspecified3);
    let words = format!("The mail server refused it: {}.", said(why));
    if why.is_permanent() && !about_sign_in || why.is_client() {
        MailError::Never(words)
    } else if why.status().is_some() {
        MailError::Later(words)
    } else {
        MailError::Later(format!("The mail server did not say that it took it: {}.", said(why)))
    }
}
