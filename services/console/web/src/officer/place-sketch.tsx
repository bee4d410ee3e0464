import type { DivisionView } from "@hotgrid/contracts";
import { offsetMetres, type Point } from "../place/bearing.ts";
import { outlineRings } from "../place/outline-rings.ts";

export interface PlaceSketchProps {
  readonly division: DivisionView;
  readonly place: Point;
  readonly radiusMetres: number | null;
  readonly label: string;
}

const MARGIN = 1.15;

/** The outline of the village, its centre and the likeliest place, north up, in metres around the centre. */
export function PlaceSketch({ division, place, radiusMetres, label }: PlaceSketchProps) {
  const rings = outlineRings(division.area).map((ring) =>
    ring.map(([lon, lat]) => {
      const { east, north } = offsetMetres(division, { lon, lat });
      return [east, -north] as const;
    }),
  );
  if (rings.length === 0) return null;
  const target = offsetMetres(division, place);
  const half = MARGIN * Math.max(200, Math.abs(target.east), Math.abs(target.north), ...rings.flat(2).map(Math.abs));
  const unit = half / 100;
  return (
    <svg className="sketch" viewBox={`${-half} ${-half} ${2 * half} ${2 * half}`} role="img" aria-label={label}>
      {rings.map((ring) => (
        <path key={ring.join()} className="sketch-area" d={`M${ring.join("L")}Z`} strokeWidth={unit} />
      ))}
      <circle className="sketch-centre" r={2.5 * unit} />
      {radiusMetres === null ? null : (
        <circle className="sketch-region" cx={target.east} cy={-target.north} r={radiusMetres} strokeWidth={unit} />
      )}
      <g className="sketch-place" transform={`translate(${target.east} ${-target.north})`}>
        <circle r={6 * unit} />
        <circle r={2.5 * unit} className="sketch-place-dot" />
      </g>
      <g transform={`translate(${half - 14 * unit} ${-half + 22 * unit})`} className="sketch-north">
        <path d={`M0 ${-12 * unit}L${5 * unit} 0H${-5 * unit}Z`} />
        <text y={12 * unit} fontSize={12 * unit} textAnchor="middle">
          N
        </text>
      </g>
    </svg>
  );
}
