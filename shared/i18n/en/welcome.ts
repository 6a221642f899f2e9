export const welcome = {
  title: 'Welcome to Session Log',
  intro:
    'Every session of your coding agents leaves a log. Session Log keeps all of them, on all your machines, and shows them in one place.',
  steps: { where: 'Where', check: 'Check', push: 'First push' },
  step: (number: number, of: number, name: string) => `Step ${number} of ${of}: ${name}`,
  whereTitle: 'Where should logs be kept?',
  choices: {
    gcs: {
      title: 'A bucket of ours',
      body: 'Google Cloud Storage. Every machine of the team sees every log, and each is backed up.',
    },
    folder: { title: 'A folder we share', body: 'A network drive or a synced folder. No account needed.' },
    embedded: {
      title: 'Stay on this machine',
      body: 'You can choose a store later. Logs are not backed up until then.',
    },
  },
  next: 'Continue',
  back: 'Back',
  skip: 'Set up later',
  checkTitle: 'Does it work?',
  checkBody: 'Session Log reads and writes a small test object before anything else.',
  pushTitle: 'Push what is here',
  pushBody: 'The logs of this machine go to the store now. You can keep reading meanwhile.',
  pushStart: 'Push now',
  pushing: 'Pushing',
  pushFailed: 'The first push did not finish',
  pushLater: 'Finish; push later',
  doneTitle: 'All set',
  doneBody: (count: string) =>
    `${count} logs of this machine are in the store. New ones follow by themselves.`,
  doneNothing: 'This machine has no logs yet. New ones are pushed by themselves.',
  doneLocal: 'Logs stay on this machine. You can choose a store in the settings at any time.',
  finish: 'Open the logs',
} as const;
