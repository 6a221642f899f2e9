import { fstatSync, writeSync } from 'node:fs';

/**
 * One of this process's standard streams for text. Pipes and files are written directly, because creating Node's stream takes longer
 * than many a command. A reader that leaves early (`… | head`) ends only the output: the command continues.
 * @param fd 1 or 2
 * @param stream creates Node's stream for the rest: terminals, Windows, a pipe that somebody made non-blocking
 * @param onLost called once when the rest of the output is lost, e.g. on a full disk; not when its reader left, which is the reader's
 *   business
 */
export function processOutput(
  fd: 1 | 2,
  stream: () => NodeJS.WriteStream,
  onLost: (reason: string) => void,
): (text: string) => void {
  let through: 'file' | 'stream' | 'nothing' | null = null;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (through === 'nothing') return;
    through = 'nothing';
    if (error.code !== 'EPIPE' && error.code !== 'EOF') onLost(error.code ?? error.message);
  };
  const byStream = (bytes: Uint8Array): void => {
    if (through !== 'stream') stream().on('error', fail);
    through = 'stream';
    stream().write(bytes);
  };
  return (text) => {
    if (through === 'nothing' || text === '') return;
    const bytes = Buffer.from(text);
    through ??= isPlain(fd) ? 'file' : null;
    if (through !== 'file') {
      byStream(bytes);
      return;
    }
    try {
      for (let done = 0; done < bytes.length;) {
        const wrote = writeNow(fd, bytes.subarray(done));
        if (wrote === null) {
          byStream(bytes.subarray(done));
          return;
        }
        done += wrote;
      }
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
  };
}

/** True for a pipe (which Node makes a socket) or a file. */
function isPlain(fd: number): boolean {
  if (process.platform === 'win32') return false;
  try {
    const facts = fstatSync(fd);
    return facts.isFIFO() || facts.isFile() || facts.isSocket();
  } catch {
    return false;
  }
}

/** @returns bytes written; null when the pipe is full and non-blocking */
function writeNow(fd: number, bytes: Uint8Array): number | null {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw error;
  }
}
