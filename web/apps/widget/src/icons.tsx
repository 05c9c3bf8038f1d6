/** @jsxImportSource preact */
// Drawn signs; each stands beside words or a label.

const PATHS = {
  chat: 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z',
  close: 'M6 6l12 12M18 6L6 18',
  clip: 'M21 12l-8 8a5 5 0 0 1-7-7l9-9a3 3 0 0 1 5 5l-9 9',
  send: 'M3 12l18-9-6 18-3-7z',
  queued: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  sent: 'M5 13l4 4L19 7',
  delivered: 'M2 13l4 4L16 7M11 16l1 1L22 7',
  read: 'M2 13l4 4L16 7M11 16l1 1L22 7',
  failed: 'M12 8v5M12 16.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
