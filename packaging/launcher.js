#!/usr/bin/env node
// Starts the program, which is in the package of this platform. npm installs that one alone, because it is an optional
// dependency bound to a system and a processor: no script runs at install, and nothing is fetched from elsewhere.
"use strict";

const { spawn } = require("child_process");
const { signals } = require("os").constants;

const windows = process.platform === "win32";
const platform = `@attio-crm/${process.platform}-${process.arch}`;

function fail(message) {
  console.error(`attio-crm: ${message}`);
  process.exit(1);
}

let program;
try {
  program = require.resolve(`${platform}/bin/attio-crm${windows ? ".exe" : ""}`);
} catch {
  const platforms = Object.keys(require("./package.json").optionalDependencies);
  fail(
    platforms.includes(platform)
      ? `the package ${platform} is missing: install again, with optional dependencies`
      : `there is no package for ${process.platform}-${process.arch}, only ${platforms.join(", ")}`,
  );
}

// The program decides how it ends. Ctrl-C reaches it twice, from the terminal and from here; it takes the first. On
// Windows it has it from the console alone: there, to send a signal is to kill.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => windows || child.kill(signal));
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => fail(`cannot start ${program}: ${error.message}`));
child.on("exit", (code, signal) => process.exit(signal ? 128 + signals[signal] : code));
