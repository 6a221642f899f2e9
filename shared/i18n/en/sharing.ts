/** Values behind labels, on one's own other machines. */
export const sharing = {
  title: 'Secrets on your other machines',
  body: 'Values behind this machine’s labels stay on it. Your other machines can show them too, once you enter their keys here.',
  warning:
    'Enter only a key that you copied from a machine of yours: that machine can then read every value.',
  none: 'No other machine can read them.',
  list: 'Machines that can read them',
  field: 'Key of your other machine',
  hint: 'It is shown there in the same place, and begins with age1.',
  share: 'Share',
  end: 'Stop sharing',
  endWith: (name: string) => `Stop sharing with ${name}`,
  shared: 'Shared with that machine',
  sharedBody: 'It can show the values once it has checked for new logs.',
  ended: 'No longer shared with that machine',
  endedBody: 'It may have kept what it has read.',
  undo: 'Undo',
  own: 'This machine’s key',
  ownHint: 'To show another machine’s values here, enter this key there.',
  ownWhat: 'this machine’s key',
  copy: 'Copy',
  open: 'On your other machines…',
} as const;
