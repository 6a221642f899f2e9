import type { WebPreferences } from 'electron';

/**
 * How all our pages run: in the operating system's sandbox, without Node, isolated from the preload. Most of these are Electron's
 * defaults, listed explicitly so that a changed default cannot change them.
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
    // A dictionary would be downloaded from one of Google's servers.
    spellcheck: false,
    // A hidden window need not draw.
    backgroundThrottling: true,
  };
}
