// Reads an export with a library of others and prints what it found as JSON: `node read.cjs READER FILE`.
"use strict";
const fs = require("fs");

const [reader, file] = process.argv.slice(2);
const text = fs.readFileSync(file, "utf8");

function graphology(parse) {
  const { MultiGraph } = require("graphology");
  const graph = parse(MultiGraph, text);
  return {
    attributes: graph.getAttributes(),
    nodes: graph.mapNodes((id, data) => ({ id, ...data })),
    edges: graph.mapEdges((id, data, source, target) => ({ ...data, id, source, target })),
  };
}

function cytoscape() {
  const graph = require("cytoscape")({ ...JSON.parse(text), headless: true, styleEnabled: true });
  const seen = (element, names) => Object.fromEntries(names.map((name) => [name, element.style(name)]));
  return {
    attributes: graph.data(),
    nodes: graph.nodes().map((node) => ({
      ...node.data(),
      position: node.position(),
      style: seen(node, ["background-color", "shape", "width"]),
    })),
    edges: graph.edges().map((edge) => ({
      ...edge.data(),
      style: seen(edge, ["line-color", "line-style", "target-arrow-shape", "width"]),
    })),
  };
}

const readers = {
  gexf: () => graphology(require("graphology-gexf").parse),
  graphml: () => graphology(require("graphology-graphml").parse),
  cyjs: cytoscape,
};
// A styled graph keeps a clock running: leave once everything is written.
process.stdout.write(JSON.stringify(readers[reader]()), () => process.exit(0));
