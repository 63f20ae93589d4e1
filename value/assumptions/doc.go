// Package assumptions is the document that a version of the value model is: what people have entered about prices, hours
// and minutes, each with its doubt, source, grade and owner. It is read strictly, with all that is wrong said at once;
// compared with another in words; and begun from start values, whose sources stand in start.yaml. Nothing here reads
// or stores anything.
package assumptions
