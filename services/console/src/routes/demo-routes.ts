import { type Account, DemoClockChange, DemoClockView, DemoFire, type Role } from "@hotgrid/contracts";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { seesDivision } from "../core/visibility.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { forbidden, invalid } from "../http/http-problem.ts";
import { divisionNames } from "../views/division-names.ts";

const DIRECTORS: readonly Role[] = ["operator", "administrator", "supervisor"];

/** Only where there is a demo: elsewhere these addresses don't exist. */
export function demoRoutes(app: ConsoleApp, { mode, demo, clock, grid, iso }: ConsoleContext): void {
  if (mode !== "demo" || !demo) return;
  const view = (): DemoClockView => ({ now: iso(clock.now()), clock: demo.clock() });

  app.get(
    "/demo/clock",
    { schema: { tags: ["demo"], summary: "演示时钟 The demo's clock", response: { 200: DemoClockView } } },
    async () => view(),
  );

  app.put(
    "/demo/clock",
    {
      config: { roles: DIRECTORS },
      schema: {
        tags: ["demo"],
        summary: "设定演示速度(0 为暂停) Set the demo's speed, 0 pauses",
        body: DemoClockChange,
        response: { 200: DemoClockView },
      },
    },
    async (request) => {
      demo.setSpeed(request.body.speed);
      return view();
    },
  );

  app.post(
    "/demo/fires",
    {
      config: { roles: DIRECTORS },
      schema: {
        tags: ["demo"],
        summary: "模拟一次焚烧 Light a fire, now by the demo's clock",
        body: DemoFire,
        response: { 202: z.strictObject({ fire: DemoFire, divisionNames: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      const fire = request.body;
      const place = grid.locate(fire.lon, fire.lat);
      if (!place) throw outsideCity();
      refuseElsewhere(accountOf(request), place.village);
      demo.light(fire);
      return reply.code(202).send({ fire, divisionNames: divisionNames(grid, place.village) });
    },
  );
}

const outsideCity = () =>
  invalid(
    "body.lon",
    { zh: "该位置不在本市范围内", en: "This place is outside the city" },
    { zh: "请在地图上选择市内的位置(WGS-84)", en: "Choose a place within the city (WGS-84)" },
  );

function refuseElsewhere(account: Account, village: string): void {
  if (!seesDivision(account, village))
    throw forbidden("division", { zh: "该位置不在您的辖区内", en: "This place is outside your division" });
}
