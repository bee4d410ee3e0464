import { type Account, CellView, page } from "@hotgrid/contracts";
import type { Bounds, Grid } from "@hotgrid/grid";
import { bbox } from "@turf/bbox";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { invalid } from "../http/http-problem.ts";
import { type CellFacts, cellStates, emptyCell } from "../views/cell-views.ts";

/** Cells of one answer at most. Ours: a screen shows no more. */
const LARGEST_ANSWER = 5000;
/** Firing episodes that are looked at. */
const EPISODES_AT_MOST = 500;

const Corner = z.number().min(-180).max(180);
const BoundingBox = z
  .string()
  .max(120)
  .transform((text) => text.split(",").map(Number))
  .pipe(z.tuple([Corner, Corner, Corner, Corner]))
  .refine(([west, south, east, north]) => west < east && south < north && south >= -90 && north <= 90, {
    error: "west,south,east,north in degrees, west below east and south below north",
  });

const CellsQuery = z.strictObject({
  size: z.enum(["500", "3000"]).default("3000"),
  /** west,south,east,north in WGS-84; the whole city unless given. */
  bbox: BoundingBox.optional(),
});

export function cellRoutes(app: ConsoleApp, context: ConsoleContext): void {
  const { grid } = context;
  const city = cityBounds(grid);
  const placeOf = cellPlaces(grid);

  app.get(
    "/cells",
    {
      schema: {
        tags: ["cells"],
        summary: "热点网格及其状态 Hotspot cells with what is going on in them",
        querystring: CellsQuery,
        response: { 200: page(CellView) },
      },
    },
    async (request) => {
      const account = accountOf(request);
      const size = request.query.size === "500" ? 500 : 3000;
      const states = cellStates(grid, size, await visibleFacts(context, account));
      const items: CellView[] = [];
      for (const id of cellsWithin(grid, size, overlap(request.query.bbox ?? city, city))) {
        const village = placeOf(id);
        const state = states.get(id);
        if (!state && (village === null || !seesDivision(account, village))) continue;
        const [west, south, east, north] = grid.cellBounds(id);
        items.push({ ...(state ?? emptyCell(id)), bounds: [west, south, east, north] });
        if (items.length > LARGEST_ANSWER) throw tooMany();
      }
      return { items, nextCursor: null };
    },
  );
}

async function visibleFacts(context: ConsoleContext, account: Account): Promise<CellFacts> {
  const { clock, episodes, readings, stations, visible } = context;
  const [sees, latest, firing] = await Promise.all([
    visible.stations(account),
    readings.latest(),
    episodes.listEpisodes({ status: "firing", division: account.division, limit: EPISODES_AT_MOST }),
  ]);
  return { stations: stations.all().filter(sees), latest, episodes: firing.items, now: clock.now() };
}

/** The village at a cell's centre, null outside the city; remembered, because a city's cells are few and always the same. */
function cellPlaces(grid: Grid): (cellId: string) => string | null {
  const known = new Map<string, string | null>();
  return (cellId) => {
    const before = known.get(cellId);
    if (before !== undefined) return before;
    const village = grid.locate(...grid.cellCentre(cellId))?.village ?? null;
    known.set(cellId, village);
    return village;
  };
}

function cityBounds(grid: Grid): Bounds {
  const area = grid.area(grid.city);
  if (!area) throw new RangeError(`the seeds have no area for the city ${grid.city}: add it to areas.geojson`);
  const [west = 0, south = 0, east = 0, north = 0] = bbox(area);
  return [west, south, east, north];
}

/** Null where the boxes don't meet: outside the city there are no cells of it. */
function overlap(a: Bounds, b: Bounds): Bounds | null {
  const [west, south, east, north] = [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ];
  return west < east && south < north ? [west, south, east, north] : null;
}

const cellsWithin = (grid: Grid, size: 500 | 3000, box: Bounds | null): Iterable<string> =>
  box ? grid.cells.touching(box, size === 500 ? "fine" : "coarse") : [];

const tooMany = () =>
  invalid(
    "querystring.bbox",
    { zh: `范围内的网格超过 ${LARGEST_ANSWER} 个`, en: `more than ${LARGEST_ANSWER} cells lie in the box` },
    { zh: "请放大地图(缩小 bbox),或改用 size=3000", en: "Ask for a smaller bbox, or for size=3000" },
  );
