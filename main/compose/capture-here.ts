import { captureDeps } from '../core/workflows/capture-base.ts';
import type { Core } from './core.ts';
import { lazyGit } from './lazy-ports.ts';

/** What session workflows need in a command; git is loaded only where no person is configured. */
export function captureHere(core: Core, listOnly = false): ReturnType<typeof captureDeps> {
  return captureDeps(core, lazyGit(), listOnly);
}
