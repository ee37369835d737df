// Starts a release node with a throw-away dev chain, and stops it by its process id.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a node may take before its start counts as failed, milliseconds. */
const START_LIMIT_MS = 120_000;

/** The binary under test: `TRIVIUM_NODE`, otherwise the release build's. */
export function nodePath() {
	if (process.env.TRIVIUM_NODE) return process.env.TRIVIUM_NODE;
	const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache', 'trivium-target');
	return join(target, 'release', 'trivium-node');
}

/** A TCP port that nobody listens on. */
function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

/** One JSON-RPC request over HTTP. */
export async function rpc(httpEndpoint, method, params = []) {
	const response = await fetch(httpEndpoint, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
	});
	const { result, error } = await response.json();
	if (error) throw new Error(`${method}: ${error.message}`);
	return result;
}

/**
 * Starts `trivium-node --dev --tmp` on free ports and waits until its RPC answers.
 *
 * `TRIVIUM_NODE_ARGS` adds options. With `TRIVIUM_ENDPOINT` set, that running node is used instead
 * and `stop` leaves it alone.
 */
export async function startNode({ args = process.env.TRIVIUM_NODE_ARGS?.split(' ') ?? [] } = {}) {
	const running = process.env.TRIVIUM_ENDPOINT;
	if (running) {
		const http = running.replace(/^ws/, 'http');
		return {
			endpoint: running,
			http,
			startupMs: 0,
			alive: () => true,
			log: () => '',
			stop: async () => {},
		};
	}

	const binary = nodePath();
	if (!existsSync(binary)) throw new Error(`no node at ${binary}; build it, or set TRIVIUM_NODE`);

	const [rpcPort, p2pPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
	const folder = mkdtempSync(join(tmpdir(), 'trivium-e2e-'));
	const logFile = join(folder, 'node.log');
	const out = openSync(logFile, 'a');
	const started = performance.now();
	const child = spawn(
		binary,
		[
			'--dev',
			'--tmp',
			'--rpc-port',
			`${rpcPort}`,
			'--port',
			`${p2pPort}`,
			'--prometheus-port',
			`${metricsPort}`,
			...args,
		],
		{ stdio: ['ignore', out, out] },
	);

	let exit = null;
	child.once('error', (error) => {
		exit = error.message;
	});
	child.once('exit', (code, signal) => {
		exit = `exit ${code ?? signal}`;
	});
	// However the tests end, the node ends with them.
	const onExit = () => {
		if (exit === null) child.kill('SIGKILL');
	};
	process.once('exit', onExit);

	const log = () => readFileSync(logFile, 'utf8');
	// A node takes another port where this one has been taken meanwhile, and says so.
	let http, port;
	for (;;) {
		if (exit !== null)
			throw new Error(`the node did not start (${exit}):\n${log().slice(-4000)}`);
		if (performance.now() - started > START_LIMIT_MS) {
			child.kill('SIGKILL');
			throw new Error(`the node does not answer:\n${log().slice(-4000)}`);
		}
		port = /JSON-RPC server: addr=127\.0\.0\.1:(\d+)/.exec(log())?.[1] ?? rpcPort;
		http = `http://127.0.0.1:${port}`;
		try {
			await rpc(http, 'chain_getHeader');
			break;
		} catch {
			await sleep(25);
		}
	}

	return {
		endpoint: `ws://127.0.0.1:${port}`,
		http,
		metrics: `http://127.0.0.1:${metricsPort}/metrics`,
		startupMs: Math.round(performance.now() - started),
		alive: () => exit === null,
		log,
		stop: async () => {
			process.removeListener('exit', onExit);
			if (exit === null) {
				const ended = new Promise((resolve) => child.once('exit', resolve));
				child.kill('SIGTERM');
				const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
				await ended;
				clearTimeout(killer);
			}
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
