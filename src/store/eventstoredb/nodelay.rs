//! Setting TCP_NODELAY from outside.
//!
//! The client leaves Nagle's algorithm on and sends each request in two writes, so the second waits until the server has
//! acknowledged the first, which a server at rest does after 40 ms. It gives no way to its sockets. Linux does: a process
//! may take a second handle on any file it has open (`pidfd_getfd`), and an option set on that is set on the socket.

/// Turns Nagle's algorithm off on every TCP socket of this process, and says on how many.
///
/// All of them, as nothing here wants it on. Errors are the system's: an old kernel (before Linux 5.6), or a system call
/// filter without `pidfd_getfd`.
#[cfg(target_os = "linux")]
pub(super) fn on_every_socket() -> std::io::Result<usize> {
    use rustix::net::sockopt::set_tcp_nodelay;
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

    let ourselves = pidfd_open(getpid(), PidfdFlags::empty())?;
    let mut set = 0;
    for entry in std::fs::read_dir("/proc/self/fd")? {
        let entry = entry?;
        let number = entry.file_name().to_str().and_then(|it| it.parse().ok());
        let is_socket = std::fs::read_link(entry.path()).is_ok_and(|it| it.to_string_lossy().starts_with("socket:"));
        let Some(number) = number.filter(|_| is_socket) else { continue };
        match pidfd_getfd(&ourselves, number, PidfdGetfdFlags::empty()) {
            // It may be no TCP socket; then there is nothing to set.
            Ok(handle) => set += usize::from(set_tcp_nodelay(&handle, true).is_ok()),
            // Closed since the folder was read.
            Err(rustix::io::Errno::BADF) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(set)
}

/// There is no way to a socket of somebody else's here.
#[cfg(not(target_os = "linux"))]
pub(super) fn on_every_socket() -> std::io::Result<usize> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn it_reaches_the_sockets_of_others() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        assert!(!socket.nodelay().unwrap());
        assert!(on_every_socket().unwrap() > 0);
        assert!(socket.nodelay().unwrap());
    }
}
