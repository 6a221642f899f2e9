// Loaded before a measured program: says at its end how much memory it needed at most (KiB, file descriptor 3).
import { writeSync } from 'node:fs';
import { largestResidentSet } from '../largest-resident-set.mjs';

process.once('exit', () => {
  try {
    writeSync(3, String(largestResidentSet()));
  } catch {
    // Started without the pipe, by a child of the measured program.
  }
});
