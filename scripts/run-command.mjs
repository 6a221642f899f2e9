import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/**
 * @typedef {object} CommandOptions
 * @property {string} cwd working folder
 * @property {NodeJS.ProcessEnv} [env] complete environment; this process's own by default
 * @property {number} [deadlineMs] after this many milliseconds the command and its children are killed
 * @property {number} [silenceMs] after this many milliseconds without output `onSilence` is called, again and again
 * @property {(elapsedMs: number) => void} [onSilence]
 * @property {'stdout' | 'stderr' | 'none'} [show] where both its streams go, interleaved; `stdout` by default
 */

/**
 * @typedef {object} CommandResult
 * @property {number} code exit code; 128 if a signal ended the command, 127 if it could not be started
 * @property {boolean} timedOut whether the deadline ended it
 * @property {string} tail the last of what it printed, for a message
 */

const TAIL_CHARACTERS = 4000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Ends a command and everything it started.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function endGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    // Commands lead their own process group (not on Windows), so that a browser or a server started by a test ends
    // with it.
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

/** Forwards Ctrl+C and SIGTERM to running commands, because a separate group does not receive the terminal's signals. */
export function forwardSignals() {
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.on(signal, () => {
      for (const child of running) endGroup(child, signal);
      process.exitCode = code;
      if (running.size === 0) process.exit(code);
    });
  }
}

/**
 * Runs a command, showing its output as it arrives.
 * @param {string} command program
 * @param {readonly string[]} args
 * @param {CommandOptions} options
 * @returns {Promise<CommandResult>} never rejects
 */
export function runCommand(command, args, options) {
  const { cwd, env = process.env, deadlineMs, silenceMs, onSilence, show = 'stdout' } = options;
  return new Promise((resolve) => {
    const started = Date.now();
    let lastOutput = started;
    let tail = '';
    let timedOut = false;
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    running.add(child);
    /** @type {(chunk: Buffer) => void} */
    const pass = (chunk) => {
      lastOutput = Date.now();
      tail = (tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
      if (show !== 'none') process[show].write(chunk);
    };
    child.stdout.on('data', pass);
    child.stderr.on('data', pass);
    const silence = silenceMs
      ? setInterval(() => {
          if (Date.now() - lastOutput < silenceMs) return;
          lastOutput = Date.now();
          onSilence?.(Date.now() - started);
        }, silenceMs / 4)
      : undefined;
    const deadline = deadlineMs
      ? setTimeout(() => {
          timedOut = true;
          endGroup(child, 'SIGKILL');
        }, deadlineMs)
      : undefined;
    /** @param {number} code */
    const finish = (code) => {
      running.delete(child);
      clearInterval(silence);
      clearTimeout(deadline);
      resolve({ code, timedOut, tail: tail.trim() });
    };
    child.once('error', (error) => {
      tail += error.message;
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 128));
  });
}

/**
 * Hands the terminal over to a command and waits until it ends.
 * @param {string} command program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdoutTo?: 'stdout' | 'stderr' }} [options]
 * @returns {Promise<number>} its exit code; 128 or more if a signal ended it
 */
export function handOver(command, args, { cwd, env = process.env, stdoutTo = 'stdout' } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', stdoutTo === 'stdout' ? 1 : 2, 2] });
    // The terminal sends Ctrl+C to both; the child decides when it is done, and this process waits for it.
    const ignore = () => {};
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', pass);
    /** @param {number} code */
    const finish = (code) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(code);
    };
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      finish(127);
    });
    child.once('close', (code, signal) => finish(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/**
 * Returns how to run npm: the one running this script if there is one, so that versions do not mix, with its own Node,
 * because npm finds its system-wide settings (a proxy, a certificate) beside that Node.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ command: string, args: string[], env: NodeJS.ProcessEnv }} program, its first arguments, its environment
 */
export function npmCommand(env = process.env) {
  const script = env['npm_execpath'];
  if (script?.endsWith('.js'))
    return { command: env['npm_node_execpath'] ?? process.execPath, args: [script], env };
  if (process.platform === 'win32') {
    // npm.cmd cannot be spawned without a shell; npm's own script is beside node.exe.
    const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
    return { command: process.execPath, args: [beside], env };
  }
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => !OWN_NODE.test(folder));
  return { command: 'npm', args: [], env: { ...env, PATH: path.join(delimiter) } };
}

/** Folders that contain the project's own Node. */
const OWN_NODE = /node_modules[/\\](\.bin|node[/\\]bin)[/\\]?$/;
