import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's nursery as small as it is. By itself it grows to tens of megabytes while much passes through, though hardly any of that
 * lives on; collecting a small one more often costs no more (measured: a first pull in 220 MB instead of 340, in the same processor time).
 * For a process that is ours alone: the setting is the whole process's.
 */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
