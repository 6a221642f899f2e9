/** Longer than the last writes of a command take; a person at Ctrl+C notices nothing longer. */
const GRACE_MS = 2_000;

/** From Node 22.15 on, on POSIX; not in the types of Node 20. */
type Execve = (file: string, args: readonly string[], env: Readonly<Record<string, string>>) => never;

/**
 * Ends this process with its exit code if calls to the file system are all that keep it alive after its command: on a mount whose server
 * is gone they never end. `process.exit` waits for their threads. A process without such calls ends by itself, at once.
 * @param isWritten whether all output has left this process
 */
export function leaveIfBlocked(isWritten: () => boolean): void {
  const timer = setTimeout(() => {
    const isBlocked = process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'));
    if (!isBlocked || !isWritten()) return leaveIfBlocked(isWritten);
    leave(Number(process.exitCode ?? 0));
  }, GRACE_MS);
  timer.unref();
}

/** Replaces this process by one that ends at once: the only way past a blocked thread that keeps the exit code. */
function leave(code: number): void {
  const { execve } = process as { readonly execve?: Execve };
  if (execve !== undefined && process.platform !== 'win32') {
    // It is experimental, and Node says so on standard error.
    process.removeAllListeners('warning');
    process.on('warning', () => undefined);
    execve('/bin/sh', ['sh', '-c', `exit ${code}`], {});
  }
  process.kill(process.pid, 'SIGKILL');
}
