#!/usr/bin/env node
// What Cargo does not ask of manifests, and a build shows late or never:
//
// - a crate's `std`, `try-runtime` and `runtime-benchmarks` switch on the same feature in each of
//   its dependencies that has it;
// - a crate that is part of the runtime has such a feature if one of the workspace's crates that it
//   uses has it;
// - what is offered under the Apache License alone links nothing under the GPL.
//
// Run by `scripts/test checks`. Prints one line for each fault and ends with 1 if there is any.

import { execFileSync } from 'node:child_process';

const FEATURES = ['std', 'try-runtime', 'runtime-benchmarks'];
/** Dependencies that are to be without a feature, and why. */
const NOT_HANDED_ON = {
	// A lock that spins is the same in either.
	spin: ['std'],
};
/** What others can take without the GPL, with all that it links. */
const WITHOUT_GPL = [
	'move-vm-runtime',
	'pallet-cross-vm',
	'pallet-evm',
	'pallet-wasm',
	'pallet-move',
	'trivium-primitives',
	'trivium-receipts',
];

const cargo = (...args) =>
	execFileSync('cargo', [...args, '--locked'], { encoding: 'utf8', maxBuffer: 2 ** 28 });
const metadata = JSON.parse(cargo('metadata', '--all-features', '--format-version', '1'));
const packages = new Map(metadata.packages.map((it) => [it.id, it]));
const nodes = new Map(metadata.resolve.nodes.map((it) => [it.id, it]));
const members = new Set(metadata.workspace_members);
const faults = [];

/** A package's declared dependencies of one kind, each with the package that it is. */
function dependencies(id, isOfKind) {
	const found = nodes.get(id).deps.map((it) => packages.get(it.pkg));
	return packages
		.get(id)
		.dependencies.filter(isOfKind)
		.map((declared) => ({
			declared,
			// Of several versions any will do: their features differ little.
			resolved: found.find((it) => it.name === declared.name),
		}))
		.filter(({ resolved }) => resolved);
}

const isNormal = ({ kind }) => kind === null;
const isNormalOrDev = ({ kind }) => kind !== 'build';

/** Whether `feature` of a package is on as soon as `on` are. */
function implies(features, on, feature) {
	const seen = new Set();
	const left = [...on];
	while (left.length > 0) {
		const next = left.pop();
		if (next === feature) return true;
		if (seen.has(next)) continue;
		seen.add(next);
		left.push(...(features[next] ?? []));
	}
	return false;
}

/** Packages of the workspace that the runtime is made of. */
function runtimeMembers() {
	const root = metadata.packages.find((it) => it.name === 'trivium-runtime').id;
	const seen = new Set();
	const left = [root];
	while (left.length > 0) {
		const id = left.pop();
		if (seen.has(id) || !members.has(id)) continue;
		seen.add(id);
		left.push(...dependencies(id, isNormal).map(({ resolved }) => resolved.id));
	}
	return seen;
}

function checkFeatures() {
	const inRuntime = runtimeMembers();
	for (const id of members) {
		const { name, features } = packages.get(id);
		for (const feature of FEATURES) {
			if (!(feature in features)) {
				const below = dependencies(id, isNormal)
					.filter(({ resolved }) => members.has(resolved.id) && feature in resolved.features)
					.map(({ resolved }) => resolved.name);
				if (inRuntime.has(id) && below.length > 0) {
					faults.push(`${name}: no feature ${feature}, which ${below.join(', ')} has`);
				}
				continue;
			}
			const all = dependencies(id, isNormalOrDev);
			for (const { declared, resolved } of all) {
				if (!(feature in resolved.features)) continue;
				if (NOT_HANDED_ON[declared.name]?.includes(feature)) continue;
				// In wasm there is none.
				if (feature === 'std' && declared.target?.includes('wasm')) continue;
				const always = all
					.filter((it) => it.resolved === resolved)
					.flatMap((it) => [
						...it.declared.features,
						...(it.declared.uses_default_features ? ['default'] : []),
					]);
				if (implies(resolved.features, always, feature)) continue;
				const key = declared.rename ?? declared.name;
				const handedOn = [`${key}/${feature}`, `${key}?/${feature}`];
				if (!handedOn.some((it) => implies(features, [feature], it))) {
					faults.push(`${name}: feature ${feature} does not switch on ${handedOn[0]}`);
				}
			}
		}
	}
}

/** Whether a licence expression leaves a choice without the GPL. */
const hasChoiceWithoutGpl = (licence) =>
	licence.split(/ OR |\//).some((choice) => !choice.includes('GPL'));

function checkLicences() {
	const tree = cargo(
		'tree',
		...WITHOUT_GPL.flatMap((name) => ['--package', name]),
		...['--no-default-features', '--edges', 'normal,no-proc-macro', '--prefix', 'none'],
		...['--format', '{p}|{l}|'],
	);
	const rows = new Set(tree.split('\n').filter((line) => line));
	for (const [name, licence] of [...rows].map((row) => row.split('|'))) {
		if (!hasChoiceWithoutGpl(licence)) {
			faults.push(`${name} is under ${licence}; used by one of ${WITHOUT_GPL.join(', ')}`);
		}
	}
}

checkFeatures();
checkLicences();
for (const fault of new Set(faults)) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
