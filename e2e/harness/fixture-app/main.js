import { BrowserWindow, Menu, Notification, Tray, app, nativeImage, protocol } from 'electron';

// Only code that runs before the app is ready may do this; it throws when the default app was too late.
protocol.registerSchemesAsPrivileged([{ scheme: 'fixture', privileges: { standard: true, secure: true } }]);

/** A square of one colour, as an icon. */
const icon = nativeImage.createFromBitmap(Buffer.alloc(16 * 16 * 4, 0xff), { width: 16, height: 16 });

/** @type {string[]} What happened, for the test to read. */
const events = [];
globalThis.fixtureEvents = events;

/** Opens the window, then shows the tray icon. */
async function start() {
  const window = new BrowserWindow({ width: 640, height: 400 });
  await window.loadURL('data:text/html,<title>fixture</title><body style="background:teal"><h1>fixture</h1>');

  const tray = new Tray(icon);
  tray.setToolTip('fixture: idle');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      {
        label: 'Notify',
        accelerator: 'CommandOrControl+Shift+N',
        click: () => {
          const notification = new Notification({ title: 'Message from Ann', body: 'Look at the log' });
          notification.on('click', () => events.push('notification clicked'));
          notification.on('close', () => events.push('notification closed'));
          notification.show();
        },
      },
      { label: 'Nothing', enabled: false },
      { type: 'separator' },
      {
        label: 'Pause',
        submenu: [
          {
            label: 'One hour',
            type: 'checkbox',
            checked: true,
            click: () => tray.setToolTip('fixture: paused'),
          },
        ],
      },
    ]),
  );
  tray.on('click', () => events.push('tray clicked'));
}

// Not awaited at the top level: Electron becomes ready only when this module has ended.
void app.whenReady().then(start);
