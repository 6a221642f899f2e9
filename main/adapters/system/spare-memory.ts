import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's nursery from growing, and lets threads that start from now on begin with one of 4 MB. By itself it grows to tens of megabytes
 * while much passes through, though hardly any of that lives on: a first pull took 340 MB instead of 220, in the same processor time. At
 * 1 MB, where a thread begins, half of each collection is the going round alone (480 of them in a first pull, instead of 120).
 * For a process that is ours alone: the setting is the whole process's.
 */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--min-semi-space-size=4');
}
