import { captureDeps } from '../core/workflows/capture-base.ts';
import type { Core } from './core.ts';
import { lazyGit } from './lazy-ports.ts';

/** What the workflows about sessions take in a command; git is loaded only where nobody said who the person is. */
export function captureHere(core: Core, listOnly = false): ReturnType<typeof captureDeps> {
  return captureDeps(core, lazyGit(), listOnly);
}
