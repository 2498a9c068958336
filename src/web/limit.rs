//! How often one address may use what is open to all.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Rate;

/// How many addresses are remembered; beyond that all strangers share one allowance until some are forgotten.
const ADDRESSES: usize = 100_000;

/// Counts by address. What a proxy says about an address is not believed.
pub(super) struct Limiter(DefaultKeyedRateLimiter<IpAddr>);

impl Limiter {
    pub(super) fn new(rate: Rate) -> Self {
        Self(RateLimiter::dashmap(Quota::per_second(rate.per_second).allow_burst(rate.burst)))
    }

    /// Takes one from the allowance of an address.
    ///
    /// # Errors
    /// With the time after which there is one again.
    pub(super) fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let key = if self.0.len() < ADDRESSES { network(address) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
        self.0.check_key(&key).map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }

    /// Forgets the addresses that have their whole allowance again.
    pub(super) fn forget(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// Whom an address stands for: itself, or for IPv6 the /64 that one household is given.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(it),
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_more_than_the_burst_is_refused_and_told_when_to_come_back() {
        let limiter = Limiter::new(Rate::new(3, 1));
        for _ in 0..3 {
            assert_eq!(limiter.take(ip("192.0.2.1")), Ok(()));
        }
        let wait = limiter.take(ip("192.0.2.1")).unwrap_err();
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        assert_eq!(limiter.take(ip("192.0.2.2")), Ok(()), "another address has its own allowance");
    }

    #[test]
    fn a_household_on_ipv6_has_one_allowance() {
        let limiter = Limiter::new(Rate::new(1, 1));
        assert_eq!(limiter.take(ip("2001:db8::1")), Ok(()));
        assert!(limiter.take(ip("2001:db8::ffff")).is_err());
        assert_eq!(limiter.take(ip("2001:db8:0:1::1")), Ok(()));
    }

    #[test]
    fn a_flood_of_addresses_is_remembered_only_so_far() {
        let limiter = Limiter::new(Rate::new(2, 1));
        for bits in 0..150_000_u32 {
            let _ = limiter.take(IpAddr::V4(std::net::Ipv4Addr::from_bits(bits)));
        }
        assert!(limiter.0.len() <= ADDRESSES + 1, "{}", limiter.0.len());
    }
}
