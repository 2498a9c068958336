//! The machine that is measured.

use std::fs;

use super::Bench;

pub(crate) fn describe(bench: &Bench) -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpus.lines().find_map(|it| it.strip_prefix("model name")?.split_once(": ")).map_or("?", |it| it.1);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let memory = read("/proc/meminfo");
    let memory = memory.lines().next().unwrap_or_default();
    let disk = disk_of(&bench.dir.to_string_lossy());
    let profile = if cfg!(debug_assertions) { "debug build: the figures mean nothing" } else { "bench build" };
    let size = if bench.quick { ", quick: short logs" } else { "" };
    format!(
        "Machine: {cpu}, {cores} cores, {memory}; Linux {kernel}; {disk}; load {load}; {profile}{size}.\n\
         Medians of five rounds; the rounds of what is compared are interleaved. Durable = SQLite WAL with \
         synchronous=FULL, fdatasync before each acknowledgement; natural group commit, no waiting timer."
    )
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

/// The file system that the longest mount point in front of the path belongs to.
fn disk_of(path: &str) -> String {
    let mounts = read("/proc/mounts");
    let fields = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ');
        Some((fields.next()?, fields.next()?, fields.next()?))
    });
    let longest = fields.filter(|it| path.starts_with(it.1)).max_by_key(|it| it.1.len());
    longest.map_or_else(|| "disk unknown".to_owned(), |(device, _, kind)| format!("{kind} on {device}"))
}
