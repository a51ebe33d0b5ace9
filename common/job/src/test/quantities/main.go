// Writes what Kubernetes' own parser makes of amounts:
// go run . > ../resources/quantities.tsv
package main

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

func main() {
	fmt.Println("# made by resource.ParseQuantity of k8s.io/apimachinery v0.37.1: text, amount or nothing where it is refused")
	signs := []string{"", "+", "-"}
	numbers := []string{"", "0", "00", "1", "007", ".", ".5", "0.5", "1.", "1.5", "12.345", ".0000000001", "1.0000000001",
		"0.1234567891", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "1..5", "1.5.5", "--1",
		"1,5", "1_000", "0x10", "1e", " 1", "1 "}
	suffixes := []string{"", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
		"K", "ki", "mi", "i", "B", "MB", "MiB", "e0", "e3", "e+3", "E3", "e-1", "E-3", "e-9", "e-10", "e03", "e18", "E20",
		"e", "e+", "e-", "e1.5", "e3m", "me3", "Kii", "mm", " m"}
	for _, number := range numbers {
		for _, suffix := range suffixes {
			for _, sign := range signs {
				row(sign + number + suffix)
			}
		}
	}
}

func row(text string) {
	amount, err := resource.ParseQuantity(text)
	if err != nil {
		fmt.Printf("%s\t\n", text)
		return
	}
	plain := amount.AsDec().String()
	if strings.Contains(plain, ".") {
		plain = strings.TrimRight(strings.TrimRight(plain, "0"), ".")
	}
	fmt.Printf("%s\t%s\n", text, plain)
}
