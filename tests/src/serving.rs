//! A running server, and what is asked of it over HTTP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{Outcome, PATIENCE, PAUSE, finish, send_signal};

/// A running server, which is killed when it is dropped.
pub struct Serving {
    address: SocketAddr,
    child: Option<Child>,
}

impl Serving {
    /// The server in `child`, once it accepts connections at `address`.
    ///
    /// # Errors
    /// When the process ends or does not listen in time.
    pub fn when_listening(mut child: Child, address: SocketAddr) -> Result<Self> {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            if child.try_wait()?.is_some() || Instant::now() > deadline {
                child.kill().ok();
                let outcome = finish(child, "")?;
                bail!("nobody listens on {address}: {outcome:#?}");
            }
            thread::sleep(PAUSE);
        }
        Ok(Self {
            address,
            child: Some(child),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks for a path: the status of the answer, and its body.
    ///
    /// # Errors
    /// When there is no answer that is HTTP.
    pub fn get(&self, path: &str) -> Result<(u16, String)> {
        self.request(&format!("GET {path} HTTP/1.0\r\n\r\n"))
    }

    /// Posts a JSON body to a path: the status of the answer, and its body.
    ///
    /// # Errors
    /// When there is no answer that is HTTP.
    pub fn post(&self, path: &str, json: &str) -> Result<(u16, String)> {
        self.send("POST", path, json)
    }

    /// Sends a JSON body to a path with any method: the status of the answer, and its body.
    ///
    /// # Errors
    /// When there is no answer that is HTTP.
    pub fn send(&self, method: &str, path: &str, json: &str) -> Result<(u16, String)> {
        let length = json.len();
        self.request(&format!(
            "{method} {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{json}"
        ))
    }

    fn request(&self, text: &str) -> Result<(u16, String)> {
        let mut connection = TcpStream::connect(self.address)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(text.as_bytes())?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .context("the answer has no end of its head")?;
        let status = head.split(' ').nth(1).context("the answer has no status")?;
        Ok((status.parse()?, body.to_owned()))
    }

    /// Asks the server to end, as a service manager does, and waits for it.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn terminate(self) -> Result<Outcome> {
        self.end("-TERM")
    }

    /// Ends the server at once, as a power cut does.
    ///
    /// # Errors
    /// When the process cannot be ended.
    pub fn kill(self) -> Result<Outcome> {
        self.end("-KILL")
    }

    fn end(mut self, signal: &str) -> Result<Outcome> {
        let child = self.child.take().context("the server was ended before")?;
        send_signal(&child, signal)?;
        finish(child, "")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// An address of this machine on which nobody listens.
///
/// # Errors
/// When no port is free.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_address_can_be_bound() {
        TcpListener::bind(free_address().unwrap()).unwrap();
    }
}
