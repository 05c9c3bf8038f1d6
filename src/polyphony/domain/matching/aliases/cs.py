"""Czech given names: sex, the name as in documents, what people call its bearer."""

GROUPS = """
m Adam Áda Adámek
m Aleš Alešek
m Alexandr Alexander Saša Alex Sáša
m Alois Lojza Lojzík
m Antonín Tonda Toník Toníček Tonek
m Bohumil Bohouš Bohoušek
m Bohuslav Bohouš Slávek
m Daniel Dan Danek Danda Daník
m David Dave Davídek
m Dominik Domča Dominiček
m Eduard Eda Edík Edáček
m Emil Emílek Milek
m Filip Fíla Filípek
m František Franta Fanda Fráňa Fanouš Ferenc
m Jakub Kuba Kubík Kubíček Jakoubek
m Jan Honza Jenda Jeník Honzík Johan Janek Jeníček
m Jaromír Jarek Jára Míra
m Jaroslav Jarda Jára Jarek Jaroušek Slávek
m Jindřich Jindra Jindříšek Hynek
m Jiří Jirka Jura Jiřík Jiříček Jíra Jirča
m Josef Pepa Jožka Pepík Pepíček Jožin Joža
m Karel Kája Karlík Karlíček
m Kamil Kamílek
m Kryštof Kryša Kryštůfek
m Ladislav Láďa Ladík Laďka Láďourek
m Lubomír Lubor Luboš Lubek
m Lubor Luboš
m Lukáš Luky Lukášek Lukin
m Marek Mára Mareček
m Martin Marťas Martínek Máťa
m Matěj Máťa Matýsek Matěja
m Michal Míša Michálek Mišák Majkl Míchal
m Milan Míla Milánek
m Miloslav Milda Míla Miloš
m Miroslav Mirek Míra Mireček
m Oldřich Olda Oldík Oldříšek
m Ondřej Ondra Ondrášek Ondřejek
m Otakar Ota Otík
m Pavel Pája Pavlík Pavlíček Paja
m Petr Péťa Peťka Petřík Petříček Peťa
m Radek Radeček
m Radim Radek Radimek
m Radoslav Radek
m Richard Ríša Riky
m Robert Robík Bob Bobek Robin
m Roman Romča Románek
m Rostislav Rosťa Rostík
m Rudolf Ruda Rudla Rudík
m Stanislav Standa Stáňa Staník Slávek
m Svatopluk Sváťa Svaťa
m Štěpán Štěpa Štefan Štěpánek
m Tadeáš Tadeášek Tadek
m Tomáš Tom Tomášek Tomík Tomi Tóma
m Václav Vašek Venca Vašík Véna Venda Vašíček
m Viktor Viky Viktorek
m Vilém Vilda Vilík Viliam
m Vít Vítek Víťa Vitoušek
m Vladimír Vláďa Vladík Vladek Míra
m Vlastimil Vlasta Vlastík
m Vojtěch Vojta Vojtík Vojtíšek
m Zbyněk Zbyňa Zbýňa
m Zdeněk Zdenda Zdeněček Zdeny
f Adéla Áda Adélka Adla Adélina
f Alena Alenka Ála Álenka
f Alexandra Saša Saška Sandra
f Alžběta Bětka Běta Eliška Betyna Běťule
f Andrea Andrejka Andy Andulka
f Aneta Anetka Anet
f Anna Anička Andula Anča Anina Aninka Andulka Áňa Anka
f Barbora Bára Barča Barunka Barka Bářa Baruška
f Blanka Blanička
f Božena Boženka Boža
f Dagmar Dáša Dagmara Dášenka Daška
f Dana Danuše Danka Danuška
f Daniela Dana Danka Danielka
f Eliška Eli Elinka Líza
f Eva Evička Evka Evina
f Gabriela Gábina Gabka Gába
f Hana Hanka Hanička Haňka Háňa
f Helena Helenka Hela Helča
f Irena Irenka Irča Irka
f Ivana Iva Ivanka Ivka Ivča
f Iveta Ivetka Ivča
f Jana Janička Janka Janina Jája
f Jarmila Jarka Jaruška Jarča Míla
f Jaroslava Jarka Jaruška Jarča Slávka
f Jiřina Jiřinka Jířa
f Jitka Jituška Jíťa
f Kamila Kamilka Kamča
f Karolína Kája Karolínka Karin
f Kateřina Katka Káťa Kačka Kačenka Katynka Kateřinka
f Klára Klárka Klárinka Kája
f Kristýna Týna Kristýnka Týnka Kiki Kristina
f Květoslava Květa Květuše Květuška
f Lenka Lenička Leni Lenča
f Libuše Líba Libuška Liběna
f Lucie Lucka Lucinka Lůca
f Ludmila Lída Liduška Liduna Lidka Míla
f Magdaléna Magda Majda Madla Lenka Magdička
f Marcela Marcelka Marcelina
f Marie Maruška Máňa Mařenka Majka Maruš Mařka Manka Maja
f Markéta Markétka Maky Gréta Marky
f Marta Martička Marťa
f Martina Martinka Marťa Týna Martička
f Michaela Míša Michalka Misha Miška Míška
f Milada Míla Miládka
f Miloslava Míla Miluška Slávka
f Monika Monča Moni Monička
f Nikola Nika Nikolka Niky
f Olga Olina Olinka Oluška
f Pavla Pavlínka Pája Pavlína Pavluška
f Petra Petruška Péťa Peťka Petruš
f Radka Radunka Raduška
f Renata Renča Renátka Rena
f Romana Romča Romanka
f Růžena Růža Růženka
f Simona Simča Simonka Monča
f Soňa Sonička Sofie
f Stanislava Stáňa Slávka Stanka
f Šárka Šárinka
f Štěpánka Štěpa Štěpka
f Tereza Terka Terezka Terezie Terinka Reza
f Vendula Venda Vendulka
f Veronika Verča Verunka Nika Věra Verka
f Věra Věrka Věruška
f Vladimíra Vláďa Vladěna Mirka
f Vlasta Vlastička
f Zdeňka Zdena Zdenička Zdenka
f Zuzana Zuzka Zuza Zuzanka Zuzi Zuzička
"""
