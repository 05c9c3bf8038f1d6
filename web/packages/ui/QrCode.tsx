// A text as the picture a telephone reads, drawn from what the server made of it.

import './qr.css';

/** The side of the code in squares, white border included, and the dark ones as one path. */
export interface Qr {
  size: number;
  path: string;
}

export function QrCode({ qr, label }: { qr: Qr; label: string }) {
  return (
    <svg
      className="qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${qr.size} ${qr.size}`}
      shapeRendering="crispEdges"
    >
      <path d={qr.path} />
    </svg>
  );
}
