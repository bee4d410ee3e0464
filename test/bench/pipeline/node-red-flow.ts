/** How the function makes InfluxDB's requests: one of each message, as the nodes are described; or, written by hand, one of
 *  many. */
export type Gathering = "each" | "gathered";

/** Points of a gathered request, and the longest time for which they are gathered, ms: what Hotgrid's recorder does. */
const [POINTS_PER_WRITE, GATHER_MS] = [5000, 500];

const POINT = `
const { phenomenonTime, results } = msg.payload;
const tags = { station: msg.topic.split("/")[2] };
const point = { measurement: "raw", tags, fields: results, timestamp: phenomenonTime };
`;
const FUNCTIONS: Readonly<Record<Gathering, { func: string; initialize: string; finalize: string }>> = {
  each: { func: `${POINT}return { payload: [point] };`, initialize: "", finalize: "" },
  gathered: {
    func: `${POINT}
const points = context.get("points");
points.push(point);
if (points.length < ${POINTS_PER_WRITE}) return null;
context.set("points", []);
return { payload: points };`,
    initialize: `
context.set("points", []);
context.set("timer", setInterval(() => {
  const points = context.get("points");
  if (points.length === 0) return;
  context.set("points", []);
  node.send({ payload: points });
}, ${GATHER_MS}));`,
    finalize: 'clearInterval(context.get("timer"));',
  },
};

/** MQTT in → JSON → function → InfluxDB batch. */
export function nodeRedFlow(
  gathering: Gathering,
  ports: { readonly mqtt: number; readonly influx: number },
  database: string,
): object[] {
  const [broker, influxdb] = ["broker", "influx"];
  // Whatever has no place on the tab counts as a configuration.
  const drawn = { z: "tab", x: 100, y: 100 };
  return [
    { id: drawn.z, type: "tab", label: "readings" },
    {
      ...{ id: broker, type: "mqtt-broker", broker: "127.0.0.1", port: `${ports.mqtt}`, clientid: "node-red" },
      ...{ autoConnect: true, usetls: false, protocolVersion: "4", keepalive: "60", cleansession: false },
    },
    {
      id: influxdb,
      type: "influxdb",
      influxdbVersion: "1.x",
      hostname: "127.0.0.1",
      port: `${ports.influx}`,
      database,
    },
    {
      ...{ id: "in", type: "mqtt in", ...drawn, broker, topic: "v1/stations/+/readings", qos: "1", datatype: "utf8" },
      ...{ nl: false, rap: true, rh: 0, inputs: 0, wires: [["json"]] },
    },
    { id: "json", type: "json", ...drawn, property: "payload", action: "obj", wires: [["gather"]] },
    {
      ...{ id: "gather", type: "function", ...drawn, ...FUNCTIONS[gathering] },
      ...{ outputs: 1, libs: [], wires: [["out"]] },
    },
    { id: "out", type: "influxdb batch", ...drawn, influxdb, precision: "ms", wires: [] },
  ];
}
