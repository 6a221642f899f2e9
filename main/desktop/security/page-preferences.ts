import type { WebPreferences } from 'electron';

/**
 * How every page of ours runs: in the operating system's sandbox, without Node, apart from the preload's world. Most of these are
 * Electron's defaults; they are written down so that a change of a default cannot change them.
 * @param preload absolute path of the built preload
 */
export function pagePreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    enableBlinkFeatures: '',
    webviewTag: false,
    navigateOnDragDrop: false,
    // A dictionary would be downloaded from a server of Google's.
    spellcheck: false,
    // A hidden window need not draw.
    backgroundThrottling: true,
  };
}
