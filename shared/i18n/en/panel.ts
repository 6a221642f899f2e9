export const panel = {
  title: 'Session Log',
  stores: 'Store',
  recent: 'Recent sessions',
  noRecent: 'No sessions yet',
  openBrowser: 'Open log browser',
  openSettings: 'Settings',
  push: 'Push now',
  index: 'Check for new logs',
  full: 'Verify everything',
  git: 'Sync git',
  more: 'More',
  setUp: 'Set up Session Log',
  setUpBody: 'Choose where to keep your logs. Takes a minute.',
  attention: (count: number) =>
    count === 1 ? '1 thing needs your attention' : `${count} things need your attention`,
  show: 'Show',
  toSettings: 'Open settings',
} as const;
