"""Names for people who do not exist: given names of many places, surnames made up after their patterns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_AARHUS_FIRST = """
Agnete Aksel Alma Amir Anders Asta Astrid Beatriz Birk Bodil Camille Carl Chiara Dagny Daniel Ebba Eigil
Elif Elin Emeka Erik Esben Ester Farah Finn Freja Gustav Hanne Hugo Ida Imran Inger Ivana Jakub Jens Jonas
Karim Kasper Kirsten Lars Layla Lea Liv Lukas Magda Malik Malte Maren Marta Mateo Mette Mikkel Nadia Nils
Noor Olga Otto Palle Petra Pia Rasmus Rikke Rosa Runa Sami Signe Silas Simone Sofie Søren Stella Storm Tarek
Thea Thomas Tobias Tove Ulla Valdemar Vera Viggo Wiktor Yara Yusuf Zofia Åse Øjvind
"""
_AARHUS_LAST = """
Abelsted Adeyoku Almborg Amraoudi Anderup Askelund Balkvist Barzanek Bejderholm Benarfaoui Birkmose
Bjerrelund Brandvig Brunsgård Castelvino Dalsbæk Damborn Demirkaya Dragsholt Ebbelund Egekvist Elmstrup
Engbæk Falkmose Ferreirinho Fjordvang Frydenholt Galsgård Glimvad Granhøj Grønvang Haldum Havnelund Hedevang
Hjortkær Holmstrøm Hvidbæk Ilievski Jarlsted Jelinkova Kaldborg Kirkemose Klitvang Kovalinski Krogsted
Kvistholm Langkær Lerkemose Lindevang Lundsted Lyngbæk Malmkvist Marekova Mosevang Nørholt Nybæk Okonjide
Osterwalder Ovesholt Pilegård Ravnkilde Rosenbæk Rughave Rydahl Sandvad Silkeholt Skovmose Slotved Solbæk
Stenlille Strandvig Svanekær Søholt Sønderlev Tangvad Thorsmose Torbæk Ulvkær Vangsted Vestermose Vibholt
Vindbæk Voskamp Westerlo Wibæk Wojtaszyk Ydesholt Zandberg Åkjær Ørsholt
"""
_PUNE_FIRST = """
Aditi Anjali Arjun Deepa Farhan Ishaan Kavya Meera Nikhil Priya Rohan Sana Tanvi Vikram
"""
_PUNE_LAST = """
Bhalerkar Chandorkar Deshvari Gokhalwar Inamkar Joshvale Kelkarni Limayekar Natuwale Patwarkar Ranadkar
Sahaskar Tambewar Velankar
"""
_NAMES = {"Aarhus": (_AARHUS_FIRST, _AARHUS_LAST), "Pune": (_PUNE_FIRST, _PUNE_LAST)}


def draw_names(site: str, *, rng: np.random.Generator) -> Iterator[str]:
    """Yield full names of a site, none twice, until every pair is used.

    >>> names = list(draw_names("Pune", rng=np.random.default_rng(1)))
    >>> len(names), len(set(names))
    (196, 196)
    """
    firsts, lasts = (rng.permutation(names.split()).tolist() for names in _NAMES[site])
    for n in range(len(firsts) * len(lasts)):
        # The lap shifts the pairing by one, so that the second time round gives other pairs.
        yield f"{firsts[n % len(firsts)]} {lasts[(n + n // len(firsts)) % len(lasts)]}"
