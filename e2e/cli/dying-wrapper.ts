/**
 * What `session-log lock -- sh -c <script>` does until it would name the command to its lock process, and there it dies. `node
 * dying-wrapper.ts <lock> <script>`.
 */
import { spawn } from 'node:child_process';
import { acquireKept } from '../../main/adapters/lock/kept-lock.ts';
import { unwrap } from '../../shared/result.ts';
import { builtProgram } from './built-cli.ts';

const [path = '', script = ''] = process.argv.slice(2);
const lockProcess = [process.execPath, builtProgram(), 'lock-process'] as const;
const lock = unwrap(await acquireKept(lockProcess, { path, command: script, waitMs: 0 }));
spawn('sh', ['-c', script], { stdio: [...lock.stdio], env: { ...process.env, ...lock.env } });
process.kill(process.pid, 'SIGKILL');
