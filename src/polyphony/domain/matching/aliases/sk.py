"""Slovak given names: sex, the name as in documents, what people call its bearer."""

GROUPS = """
m Adam Adamko
m Alexander Alex Saša Šaňo Sašo
m Alojz Lojzo
m Andrej Andy Andrejko Ondrej Andro
m Anton Tóno Tonko Tonči
m Bohumil Bohuš
m Branislav Braňo Brano Branko
m Daniel Dano Danko Danielko
m Dušan Duško Dušo
m Eduard Edo Edko
m Emil Milo Emilko
m František Fero Ferko Feri Fraňo
m Gabriel Gabo Gabko
m Gustáv Gusto Gustík
m Ignác Igo
m Imrich Imro Imriško
m Ivan Ivko Ivanko Vaňo
m Jakub Kubo Kubko Jakubko
m Ján Jano Janko Janči Honza
m Jaroslav Jaro Jarko Jarino
m Jozef Jožo Jožko Dodo Jožinko
m Juraj Ďuro Ďurko Juro Jurko Ďuri
m Karol Karči Karolko Kajo
m Ladislav Laco Lacko Laci
m Ľubomír Ľubo Ľuboš Ľubko
m Ľudovít Ľudo Lajko Ľudko
m Lukáš Luky Lukáško
m Marcel Marcelko
m Marek Maroš Mareček
m Marián Majo Marianko Maroš
m Martin Maťo Martinko Maťko
m Matej Maťo Matejko
m Matúš Maťo Matúško
m Michal Mišo Miško Mišino
m Mikuláš Miki Miky
m Milan Milanko Miňo
m Miloš Miloško
m Miroslav Miro Mirko Mirino
m Ondrej Ondro Ondrejko Ondriš
m Pavol Paľo Palo Paľko Pavel
m Peter Peťo Peťko Peto
m Rastislav Rasťo Rasto
m Richard Rišo Riško Ricsi
m Róbert Robo Robko
m Roman Romanko Romčo
m Rudolf Rudo Rudko
m Samuel Samo Samko
m Slavomír Slavo Slavko
m Stanislav Stano Stanko
m Šimon Šimonko Šimo
m Štefan Števo Števko Pišta
m Tibor Tibi Tibko
m Tomáš Tomi Tomáško Tomino
m Viktor Viki Viťo
m Viliam Vilo Vilko
m Vladimír Vlado Vladko
m Vojtech Vojto Béla
m Zdenko Zdeno
f Adriana Aďa Adrianka Ada
f Alena Alenka
f Alexandra Saša Sandra Saška
f Alžbeta Betka Eržika Beta Žofka
f Andrea Andrejka Aďa
f Anna Anička Anka Hanka Anča Aňa
f Barbora Borka Barborka Baša Bara
f Beáta Beátka Bea
f Božena Boženka Boža
f Dana Danka Danuška
f Daniela Danka Dada Danielka
f Dominika Domi Nika Dominička
f Elena Elenka Ela Elen
f Emília Emilka Milka
f Eva Evka Evička
f Gabriela Gabika Gabka
f Helena Helenka Hela
f Ivana Iva Ivanka
f Iveta Ivetka
f Jana Janka Janička
f Jarmila Jarka
f Jozefína Jožka Jozefínka
f Júlia Julka Juliška
f Katarína Katka Kaťa Katarínka Kača
f Klaudia Klaudika
f Kristína Kika Kristínka Kristi
f Lenka Leni Lenička
f Ľubica Ľubka Ľuba
f Ľudmila Ľudka Mila
f Lucia Lucka Luca
f Magdaléna Magda Magdička Lenka
f Margita Gitka Gita
f Mária Marka Maja Majka Marienka Marča Mariška
f Marta Martuška
f Martina Maťa Martinka
f Michaela Miška Mišena Miša
f Miroslava Mirka Miruška
f Monika Moni Monička
f Natália Naty Natálka
f Nikola Niki Nika
f Oľga Oľgička Oľka
f Patrícia Paťa Patka
f Petra Peťa Petruška
f Renáta Renátka Rena
f Silvia Silvi Silvinka
f Simona Simi Simonka
f Soňa Sonička
f Stanislava Stanka
f Terézia Terka Terézka Tereza
f Valéria Valika Vali
f Veronika Verona Veronka Vera
f Viera Vierka
f Viktória Viki Viktorka
f Zdenka Zdena
f Zuzana Zuzka Zuza Zuzička
f Žofia Žofka
"""
