//! The binary as an operator meets it: the dev chain over RPC, and every command on a database.
//!
//! A binary that was built without the runtime (`SKIP_WASM_BUILD`) has no chain to run; there the
//! tests say so and pass.

use std::{
	io::{Read, Write},
	net::{Ipv4Addr, TcpListener, TcpStream},
	path::{Path, PathBuf},
	process::{Child, Command, Output, Stdio},
	thread::sleep,
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::{json, Value};

/// The binary under test.
const NODE: &str = env!("CARGO_BIN_EXE_trivium-node");

/// Storage key of `Timestamp::Now`.
const NOW: &str = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";

/// The length of a slot, in milliseconds.
const SLOT: u64 = 6_000;

/// The longest that anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
	fn new(name: &str) -> Self {
		let path = std::env::temp_dir().join(format!("trivium-{}-{name}", std::process::id()));
		std::fs::create_dir_all(&path).expect("the temporary folder is writable");
		Self(path)
	}

	fn file(&self, name: &str) -> String {
		self.0.join(name).to_str().expect("is UTF-8").to_owned()
	}
}

impl Drop for Folder {
	fn drop(&mut self) {
		let _ = std::fs::remove_dir_all(&self.0);
	}
}

/// A running dev chain.
struct Node {
	process: Child,
	port: u16,
}

impl Node {
	/// Starts a dev chain on a database, and waits until it answers.
	fn start(base: &Path, arguments: &[&str]) -> Self {
		let port = free_port();
		let process = Command::new(NODE)
			.args(["--dev", "--no-prometheus", "--base-path"])
			.arg(base)
			.arg("--rpc-port")
			.arg(port.to_string())
			.args(arguments)
			.stdout(Stdio::null())
			.stderr(Stdio::null())
			.spawn()
			.expect("the binary runs");
		let node = Self { process, port };
		node.wait("an answer", |node| {
			node.call("system_health", json!([])).is_some()
		});
		node
	}

	/// Calls an RPC method; `None` if the node does not answer.
	fn call(&self, method: &str, params: Value) -> Option<Value> {
		let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
		let body = request.to_string();
		let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
		write!(
			stream,
			"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
			 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
			body.len()
		)
		.ok()?;
		let mut response = String::new();
		stream.read_to_string(&mut response).ok()?;
		let body = response.split_once("\r\n\r\n")?.1;
		let answer: Value = serde_json::from_str(body).expect("answers are JSON");
		assert!(answer.get("error").is_none(), "{method}: {answer}");
		Some(answer["result"].clone())
	}

	/// The result of an RPC method that must answer.
	fn ask(&self, method: &str, params: Value) -> Value {
		self.call(method, params).expect("the node runs")
	}

	fn best(&self) -> u64 {
		number(&self.ask("chain_getHeader", json!([]))["number"])
	}

	fn finalized(&self) -> u64 {
		let hash = self.ask("chain_getFinalizedHead", json!([]));
		number(&self.ask("chain_getHeader", json!([hash]))["number"])
	}

	/// The time of a block, in milliseconds.
	fn time(&self, block: u64) -> u64 {
		let hash = self.ask("chain_getBlockHash", json!([block]));
		let bytes = self.ask("state_getStorage", json!([NOW, hash]));
		let digits = bytes
			.as_str()
			.expect("the time is set")
			.trim_start_matches("0x")
			.to_owned();
		u64::from_str_radix(&digits, 16)
			.expect("is hexadecimal")
			.swap_bytes()
	}

	fn wait(&self, what: &str, ready: impl Fn(&Self) -> bool) {
		let start = Instant::now();
		while !ready(self) {
			assert!(start.elapsed() < PATIENCE, "no {what} after {PATIENCE:?}");
			sleep(Duration::from_millis(50));
		}
	}

	/// Lets the node end in its own time.
	fn stop(mut self) {
		let killed = Command::new("kill")
			.arg(self.process.id().to_string())
			.status();
		assert!(killed.expect("kill runs").success());
		self.process.wait().expect("the node ends");
	}
}

impl Drop for Node {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

fn free_port() -> u16 {
	let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
	listener.local_addr().expect("is bound").port()
}

/// A number as RPC shows it.
fn number(value: &Value) -> u64 {
	let digits = value
		.as_str()
		.expect("is a string")
		.trim_start_matches("0x")
		.to_owned();
	u64::from_str_radix(&digits, 16).expect("is hexadecimal")
}

/// Runs the binary to its end.
fn run(arguments: &[&str]) -> Output {
	Command::new(NODE)
		.args(arguments)
		.output()
		.expect("the binary runs")
}

/// What the binary printed, if it succeeded.
#[track_caller]
fn printed(arguments: &[&str]) -> String {
	let output = run(arguments);
	let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
	assert!(output.status.success(), "{arguments:?}: {complaint}");
	String::from_utf8(output.stdout).expect("prints UTF-8")
}

/// Whether the binary can run a chain of its own.
fn has_runtime() -> bool {
	let has = trivium_runtime::WASM_BINARY.is_some();
	if !has {
		eprintln!("skipped: the binary was built without the runtime");
	}
	has
}

#[test]
fn dev_chain_finalizes_keeps_time_and_survives_a_restart() {
	if !has_runtime() {
		return;
	}
	let folder = Folder::new("restart");
	let node = Node::start(&folder.0, &["--dev-block-time", "100"]);
	node.wait("blocks", |node| node.finalized() >= 5);
	assert_eq!(node.time(5) - node.time(4), SLOT);
	let now = SystemTime::now()
		.duration_since(UNIX_EPOCH)
		.expect("is later")
		.as_millis() as u64;
	assert!(
		node.time(1).abs_diff(now) < 10 * 60 * 1_000,
		"the chain starts in the present"
	);
	node.stop();

	let node = Node::start(&folder.0, &["--instant-seal"]);
	let last = node.best();
	assert!(last >= 5);
	assert_eq!(node.finalized(), last);
	let block = node.ask("engine_createBlock", json!([true, true, null]));
	assert!(block["hash"].is_string());
	assert_eq!(node.finalized(), last + 1);
	assert!(node.time(last + 1) >= node.time(last) + SLOT);
	node.stop();
}

#[test]
fn dev_chain_with_instant_seal_waits() {
	if !has_runtime() {
		return;
	}
	let folder = Folder::new("instant");
	let node = Node::start(&folder.0, &["--instant-seal"]);
	sleep(Duration::from_secs(1));
	assert_eq!(node.best(), 0);
}

#[test]
fn commands_on_a_database_work() {
	if !has_runtime() {
		return;
	}
	let (folder, copy) = (Folder::new("database"), Folder::new("copy"));
	let (base, other) = (folder.file(""), copy.file(""));
	let blocks = folder.file("blocks");
	let on = |base: &str, command: &[&str]| {
		let arguments = [
			&command[..1],
			&["--chain", "dev", "-d", base],
			&command[1..],
		]
		.concat();
		printed(&arguments)
	};
	let node = Node::start(&folder.0, &["--dev-block-time", "50"]);
	node.wait("blocks", |node| node.finalized() >= 8);
	node.stop();

	on(
		&base,
		&["export-blocks", "--from", "1", "--to", "6", &blocks],
	);
	on(&other, &["import-blocks", &blocks]);
	let node = Node::start(&copy.0, &["--instant-seal"]);
	assert_eq!(node.best(), 6);
	node.stop();

	on(&base, &["check-block", "3"]);
	on(&other, &["revert", "2"]);
	let node = Node::start(&copy.0, &["--instant-seal"]);
	assert_eq!(node.best(), 4);
	node.stop();

	on(&base, &["purge-chain", "-y"]);
	let node = Node::start(&folder.0, &["--instant-seal"]);
	assert_eq!(node.best(), 0);
	node.stop();
}

#[test]
fn specifications_are_exported() {
	if !has_runtime() {
		return;
	}
	// Few of each: every one of these compiles the runtime anew.
	let spec: Value =
		serde_json::from_str(&printed(&["export-chain-spec", "--chain", "dev"])).unwrap();
	assert_eq!(spec["id"], "trivium_dev");
	assert_eq!(spec["properties"]["tokenSymbol"], "TRV");
	let text = printed(&[
		"build-spec",
		"--chain",
		"dev",
		"--raw",
		"--disable-default-bootnode",
	]);
	let raw: Value = serde_json::from_str(&text).unwrap();
	assert!(raw["genesis"]["raw"]["top"]
		.as_object()
		.is_some_and(|top| top.len() > 20));

	let folder = Folder::new("spec");
	let file = folder.file("spec.json");
	printed(&[
		"export-chain-spec",
		"--chain",
		"local",
		"--raw",
		"--output",
		&file,
	]);
	// What a specification file says is what the preset says.
	let head = printed(&["export-genesis-head", "--chain", "local"]);
	assert_eq!(head, printed(&["export-genesis-head", "--chain", &file]));
	assert!(head.starts_with("0x") && head.len() > 2 * 96);
	let code = printed(&["export-genesis-wasm", "--chain", &file]);
	assert!(code.starts_with("0x") && code.len() > 100_000);
}

#[test]
fn keys_are_made_and_inspected() {
	let alice = printed(&["key", "inspect", "//Alice", "--output-type", "json"]);
	let alice: Value = serde_json::from_str(&alice).unwrap();
	assert_eq!(
		alice["ss58Address"],
		"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
	);
	let new = printed(&["key", "generate", "--output-type", "json"]);
	assert!(serde_json::from_str::<Value>(&new).unwrap()["secretPhrase"].is_string());
}

#[test]
fn options_without_effect_are_refused() {
	if !has_runtime() {
		return;
	}
	for arguments in [
		&["--dev", "--collator"][..],
		&["--chain", "local", "--instant-seal"],
	] {
		let output = run(&[arguments, &["--tmp", "--rpc-port", "0"]].concat());
		assert!(!output.status.success(), "{arguments:?}");
	}
}
